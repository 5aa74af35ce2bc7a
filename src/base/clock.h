/* clock.h - time that only goes forward. */
#ifndef KINO_BASE_CLOCK_H
#define KINO_BASE_CLOCK_H

double kino_now_ms(void); /* since an arbitrary moment */

#endif
