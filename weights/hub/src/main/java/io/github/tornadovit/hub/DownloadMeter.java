package io.github.tornadovit.hub;

import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;

/**
 * The bytes of a model's files, and the one way to its listener: by one thread at a time. Silent
 * about progress until {@link #begin}, since the total is not known before.
 */
final class DownloadMeter {
  private final HubListener listener;
  private final Map<String, Long> there = new HashMap<>();
  private boolean begun;
  private boolean isTotalKnown = true;
  private long total;
  private long done;
  private long received;

  DownloadMeter(HubListener listener) {
    this.listener = listener;
  }

  /**
   * Counts a file in that will come.
   *
   * @param left what an interrupted download left of it
   */
  synchronized void add(String file, OptionalLong size, long left) {
    total += size.orElse(0);
    isTotalKnown &= size.isPresent();
    place(file, left);
  }

  /** All files are counted in. */
  synchronized void begin() {
    begun = true;
  }

  /**
   * Bytes of a file are there.
   *
   * @param now all of them
   * @param came those that came in since the last call
   * @param size of the whole file; 0 if it is not known
   */
  synchronized void progress(String file, long now, long came, long size) {
    place(file, now);
    received += came;
    if (begun) {
      listener.progress(new HubProgress(file, now, size, done, isTotalKnown ? total : 0, received));
    }
  }

  private void place(String file, long now) {
    Long before = there.put(file, now);
    done += now - (before == null ? 0 : before);
  }

  synchronized void notice(String message) {
    listener.notice(message);
  }
}
