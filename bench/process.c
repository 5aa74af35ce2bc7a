/* process.c - how long a whole process takes, from its start to its end, seen from outside.
 *
 *     build/bench/process COUNT INPUT PROGRAM [ARGUMENT...]
 *
 * Runs the program COUNT times (after three times for warming up) with INPUT as its standard input, its output thrown
 * away, and prints "min P50 P95 max resident": microseconds, and the most memory that one of them had, in kB. The
 * program is started by posix_spawn, which copies no page of this small process. */
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static int ascending(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

int main(int argc, char **argv)
{
    const int warm = 3, count = argc > 3 ? atoi(argv[1]) : 0;
    if (count < 1) {
        fprintf(stderr, "usage: process COUNT INPUT PROGRAM [ARGUMENT...]\n");
        return 2;
    }
    double *took = malloc((size_t)count * sizeof *took);
    posix_spawn_file_actions_t files;
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_addopen(&files, 0, argv[2], O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&files, 1, "/dev/null", O_WRONLY, 0);
    for (int i = -warm; took && i < count; i++) {
        pid_t child;
        int status;
        const double start = now();
        const int failed = posix_spawnp(&child, argv[3], &files, NULL, argv + 3, environ);
        if (failed || waitpid(child, &status, 0) != child || status) {
            fprintf(stderr, "process: %s %s\n", argv[3], failed ? strerror(failed) : "failed");
            return 1;
        }
        if (i >= 0)
            took[i] = now() - start;
    }
    struct rusage use;
    getrusage(RUSAGE_CHILDREN, &use);
    qsort(took, (size_t)count, sizeof *took, ascending);
    printf("%.0f %.0f %.0f %.0f %ld\n", took[0], took[count / 2], took[count * 95 / 100], took[count - 1],
           use.ru_maxrss);
    posix_spawn_file_actions_destroy(&files);
    free(took);
    return 0;
}
