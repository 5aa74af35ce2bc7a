/* plot.c - draws the loss curve of a training as an SVG file. */
#include "app/cmd/plot.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/status.h"

enum { WIDTH = 760, HEIGHT = 440, LEFT = 72, RIGHT = 128, TOP = 76, BOTTOM = 56 };

/* An axis: values from low to high, a tick at each multiple of step, drawn from pixel `from` to pixel `to`. */
typedef struct axis {
    double low, high, step, from, to;
} axis;

static double place(const axis *a, double value)
{
    return a->from + (value - a->low) / (a->high - a->low) * (a->to - a->from);
}

/* 1, 2 or 5 times a power of ten: the smallest that makes at most `ticks` steps of the range. */
static double round_step(double range, int ticks)
{
    const double rough = range / ticks, power = pow(10, floor(log10(rough))), ratio = rough / power;
    for (const int *times = (const int[]){1, 2, 5, 0}; *times; times++)
        if (ratio <= *times)
            return power * *times;
    return power * 10;
}

static axis loss_axis(const kino_build_report *r)
{
    double low = INFINITY, high = -INFINITY;
    for (int i = 0; i < r->epochs; i++) {
        low = fmin(low, fmin(r->loss[i], r->val_loss[i])); /* fmin and fmax pass over NaN */
        high = fmax(high, fmax(r->loss[i], r->val_loss[i]));
    }
    if (!(low <= high) || !isfinite(low) || !isfinite(high))
        low = 0, high = 1;
    if (high - low < 1e-9 + 1e-6 * fabs(high))
        high = low + fmax(1e-6, fabs(low) * 0.1);
    if (low > 0 && low < 0.25 * high)
        low = 0; /* near enough to show the ground */
    axis a = {.step = round_step(high - low, 6), .from = HEIGHT - BOTTOM, .to = TOP};
    a.low = floor(low / a.step + 1e-9) * a.step;
    a.high = ceil(high / a.step - 1e-9) * a.step;
    return a;
}

static axis epoch_axis(const kino_build_report *r)
{
    double last = r->epochs > 1 ? r->epochs : 2;
    return (axis){1, last, fmax(1, round_step(last, 8)), LEFT, WIDTH - RIGHT};
}

static void put_curve(kino_buffer *b, const axis *x, const axis *y, const float *values, int count, const char *kind)
{
    kino_buffer_print(b, "<path class=\"curve %s\" d=\"", kind);
    bool drawing = false;
    for (int i = 0; i < count; i++) {
        if (!isfinite(values[i])) {
            drawing = false;
            continue;
        }
        kino_buffer_print(b, "%s%.1f %.1f", drawing ? " L" : i ? " M" : "M", place(x, i + 1), place(y, values[i]));
        drawing = true;
    }
    kino_buffer_print(b, "\"/>\n");
    if (count == 1 && isfinite(values[0])) /* a line of one point is none */
        kino_buffer_print(b, "<circle class=\"dot %s\" cx=\"%.1f\" cy=\"%.1f\" r=\"3.5\"/>\n", kind, place(x, 1),
                          place(y, values[0]));
}

static void put_axes(kino_buffer *b, const axis *x, const axis *y)
{
    int places = y->step < 1 ? (int)ceil(-log10(y->step) - 1e-9) : 0;
    for (int i = 0; y->low + i * y->step <= y->high + y->step / 2; i++) {
        double value = y->low + i * y->step, at = place(y, value);
        kino_buffer_print(b,
                          "<path class=\"grid\" d=\"M%d %.1f H%d\"/>\n<text class=\"tick\" x=\"%d\" y=\"%.1f\" "
                          "text-anchor=\"end\">%.*f</text>\n",
                          LEFT, at, WIDTH - RIGHT, LEFT - 10, at + 4, places, value);
    }
    for (double value = 1; value <= x->high; value = value == 1 && x->step > 1 ? x->step : value + x->step)
        kino_buffer_print(b,
                          "<path class=\"axis\" d=\"M%.1f %d v5\"/>\n<text class=\"tick\" x=\"%.1f\" y=\"%d\" "
                          "text-anchor=\"middle\">%.0f</text>\n",
                          place(x, value), HEIGHT - BOTTOM, place(x, value), HEIGHT - BOTTOM + 20, value);
    kino_buffer_print(b, "<path class=\"axis\" d=\"M%d %d H%d\"/>\n", LEFT, HEIGHT - BOTTOM, WIDTH - RIGHT);
    kino_buffer_print(b, "<text class=\"name\" x=\"%d\" y=\"%d\" text-anchor=\"middle\">epoch</text>\n",
                      (LEFT + WIDTH - RIGHT) / 2, HEIGHT - 12);
    kino_buffer_print(b,
                      "<text class=\"name\" transform=\"translate(18 %d) rotate(-90)\" text-anchor=\"middle\">"
                      "loss</text>\n",
                      (TOP + HEIGHT - BOTTOM) / 2);
}

static void put_best(kino_buffer *b, const kino_build_report *r, const axis *x, const axis *y)
{
    double at = place(x, r->best_epoch), height = place(y, r->val_loss[r->best_epoch - 1]);
    bool right_half = at > (LEFT + WIDTH - RIGHT) / 2.0;
    kino_buffer_print(b, "<path class=\"best\" d=\"M%.1f %d V%d\"/>\n", at, TOP, HEIGHT - BOTTOM);
    if (isfinite(height))
        kino_buffer_print(b, "<circle class=\"dot val\" cx=\"%.1f\" cy=\"%.1f\" r=\"4.5\"/>\n", at, height);
    kino_buffer_print(b, "<text class=\"note\" x=\"%.1f\" y=\"%d\" text-anchor=\"%s\">best: epoch %d</text>\n",
                      at + (right_half ? -8 : 8), TOP + 12, right_half ? "end" : "start", r->best_epoch);
}

/* The names of the curves at their ends, moved apart when they would cover each other. */
static void put_names(kino_buffer *b, const kino_build_report *r, const axis *x, const axis *y)
{
    float loss = r->loss[r->epochs - 1], val = r->val_loss[r->epochs - 1];
    double at = place(x, r->epochs) + 10, one = isfinite(loss) ? place(y, loss) : TOP,
           two = isfinite(val) ? place(y, val) : TOP;
    const double apart = 36;
    if (fabs(one - two) < apart) {
        double middle = (one + two) / 2;
        double sign = one <= two ? 1 : -1;
        one = middle - sign * apart / 2;
        two = middle + sign * apart / 2;
    }
    double lowest = fmax(one, two), lift = fmax(0, lowest - (HEIGHT - BOTTOM - 18)); /* the number stands below */
    one -= lift;
    two -= lift;
    kino_buffer_print(b,
                      "<text class=\"label loss\" x=\"%.1f\" y=\"%.1f\">training<tspan class=\"value\" x=\"%.1f\" "
                      "dy=\"15\">%.5g</tspan></text>\n",
                      at, one, at, loss);
    kino_buffer_print(b,
                      "<text class=\"label val\" x=\"%.1f\" y=\"%.1f\">validation<tspan class=\"value\" x=\"%.1f\" "
                      "dy=\"15\">%.5g</tspan></text>\n",
                      at, two, at, val);
}

void app_plot_loss(kino_buffer *b, const kino_build_report *r)
{
    axis x = epoch_axis(r), y = loss_axis(r);
    kino_buffer_print(
        b,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\" role=\"img\" "
        "aria-labelledby=\"title desc\">\n"
        "<title id=\"title\">Loss of the autoencoder by epoch</title>\n"
        "<desc id=\"desc\">Loss of training and validation over %d epochs; epoch %d was kept.</desc>\n",
        WIDTH, HEIGHT, WIDTH, HEIGHT, r->epochs, r->best_epoch);
    kino_buffer_print(
        b, "%s",
        /* no custom properties: renderers other than browsers do not know them */
        "<style>\n"
        "svg{font-family:system-ui,-apple-system,\"Segoe UI\",Roboto,Helvetica,Arial,sans-serif}\n"
        ".paper{fill:#ffffff}.heading{fill:#1f2933;font-size:17px;font-weight:600}\n"
        ".sub,.name,.note{fill:#616e7c;font-size:13px}.tick{fill:#616e7c;font-size:12px}\n"
        ".grid{stroke:#e4e7eb;fill:none}.axis{stroke:#616e7c;fill:none}"
        ".best{stroke:#616e7c;stroke-dasharray:3 4;fill:none}\n"
        ".curve{fill:none;stroke-width:2.25;stroke-linejoin:round;stroke-linecap:round}\n"
        ".curve.loss{stroke:#2b6cb0}.curve.val{stroke:#c05621}\n"
        ".dot{stroke:#ffffff;stroke-width:2}.dot.loss{fill:#2b6cb0}.dot.val{fill:#c05621}\n"
        ".label{font-size:13px;font-weight:600}.label.loss{fill:#2b6cb0}.label.val{fill:#c05621}"
        ".value{font-weight:400;fill:#616e7c}\n"
        "@media (prefers-color-scheme:dark){\n"
        ".paper{fill:#14181d}.heading{fill:#e4e7eb}.sub,.name,.note,.tick,.value{fill:#9aa5b1}\n"
        ".grid{stroke:#2a323b}.axis,.best{stroke:#9aa5b1}.curve.loss{stroke:#63a4e8}.curve.val{stroke:#ed9a5c}\n"
        ".dot{stroke:#14181d}.dot.loss,.label.loss{fill:#63a4e8}.dot.val,.label.val{fill:#ed9a5c}}\n"
        "</style>\n");
    kino_buffer_print(b,
                      "<rect class=\"paper\" width=\"%d\" height=\"%d\" rx=\"8\"/>\n"
                      "<text class=\"heading\" x=\"24\" y=\"30\">How the autoencoder learned</text>\n",
                      WIDTH, HEIGHT);
    if (r->epochs > 0) {
        bool known = r->best_epoch >= 1 && r->best_epoch <= r->epochs;
        kino_buffer_print(b, "<text class=\"sub\" x=\"24\" y=\"49\">%d epoch%s", r->epochs, r->epochs == 1 ? "" : "s");
        if (known)
            kino_buffer_print(b, ", the weights of epoch %d were kept (validation loss %.5g)", r->best_epoch,
                              r->val_loss[r->best_epoch - 1]);
        kino_buffer_print(b, "</text>\n");
        put_axes(b, &x, &y);
        if (known)
            put_best(b, r, &x, &y);
        put_curve(b, &x, &y, r->loss, r->epochs, "loss");
        put_curve(b, &x, &y, r->val_loss, r->epochs, "val");
        put_names(b, r, &x, &y);
    }
    kino_buffer_print(b, "</svg>\n");
}

kino_status app_plot_write(const char *path, const kino_build_report *report, kino_error *err)
{
    kino_buffer b = {0};
    kino_status st = KINO_OK;
    FILE *file = fopen(path, "w");
    if (!file)
        return kino_fail_errno(err, KINO_FAILED, "%s: cannot write the loss curve", path);
    app_plot_loss(&b, report);
    bool written = fwrite(b.data, 1, b.size, file) == b.size;
    if (fclose(file) || !written)
        st = kino_fail_errno(err, KINO_FAILED, "%s: cannot write the loss curve", path);
    free(b.data);
    return st;
}
