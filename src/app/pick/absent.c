/* absent.c - what takes the place of screen.c in a build without ncursesw. */
#include "app/pick/pick.h"
#include "base/status.h"

kino_status app_pick(app *a, kino_error *err)
{
    (void)a;
    return kino_fail(err, KINO_FAILED,
                     "this kino was built without ncursesw, which pick needs; kino find and kino "
                     "recommend do without it");
}
