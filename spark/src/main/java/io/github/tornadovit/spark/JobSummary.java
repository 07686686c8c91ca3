package io.github.tornadovit.spark;

import java.util.Locale;

/**
 * What a job did.
 *
 * @param found images of the input
 * @param images answered by this run
 * @param errors of those, images that could not be read
 * @param seconds of the whole run
 * @param decodeSeconds of all tasks together
 * @param forwardSeconds of all executors together
 */
record JobSummary(
    long found,
    long images,
    long errors,
    double seconds,
    double decodeSeconds,
    double forwardSeconds) {
  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%d images found, %d were answered before, %d now in %.1f s (%.1f images/s); %d could not be"
            + " read; decode %.1f s, forward %.1f s",
        found,
        found - images,
        images,
        seconds,
        seconds == 0 ? 0 : images / seconds,
        errors,
        decodeSeconds,
        forwardSeconds);
  }
}
