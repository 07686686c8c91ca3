package io.github.tornadovit.engine.cli;

import io.github.tornadovit.weights.hub.Hub;
import io.github.tornadovit.weights.hub.HubListener;
import io.github.tornadovit.weights.hub.HubModel;
import io.github.tornadovit.weights.hub.HubSettings;
import java.io.PrintWriter;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Fetches a model of the hub, with a progress line per file on a terminal. */
final class HubFetch implements HubListener {
  private final PrintWriter notes;
  private String file = "";
  private long seen;
  private @Nullable Progress progress;

  private HubFetch(PrintWriter notes) {
    this.notes = notes;
  }

  /** The folder of the model's files in the cache, where the environment says. */
  static Path fetch(HubModel model, boolean offline, PrintWriter notes) {
    HubSettings settings = HubSettings.fromEnvironment();
    HubFetch listener = new HubFetch(notes);
    try {
      return new Hub(settings.withOffline(offline || settings.offline()))
          .withListener(listener)
          .fetch(model);
    } finally {
      listener.clear();
    }
  }

  @Override
  public void progress(String file, long done, long total) {
    if (progress == null || !file.equals(this.file) || done < seen) {
      clear();
      progress = Progress.ofBytes(notes, file, done, total);
    } else {
      progress.advance(done - seen);
    }
    this.file = file;
    seen = done;
  }

  @Override
  public void notice(String message) {
    clear();
    notes.println("hub: " + message);
    notes.flush();
  }

  private void clear() {
    if (progress != null) {
      progress.clear();
    }
  }
}
