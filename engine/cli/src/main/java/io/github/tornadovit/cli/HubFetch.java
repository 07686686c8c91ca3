package io.github.tornadovit.cli;

import io.github.tornadovit.hub.Hub;
import io.github.tornadovit.hub.HubListener;
import io.github.tornadovit.hub.HubModel;
import io.github.tornadovit.hub.HubProgress;
import io.github.tornadovit.hub.HubSettings;
import java.io.PrintWriter;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Fetches a model of the hub, with a progress line on a terminal. */
final class HubFetch implements HubListener {
  private final PrintWriter notes;
  private final HubModel model;
  private @Nullable Progress progress;

  private HubFetch(PrintWriter notes, HubModel model) {
    this.notes = notes;
    this.model = model;
  }

  /** The folder of the model's files in the cache, where the environment says. */
  static Path fetch(HubModel model, boolean offline, PrintWriter notes) {
    HubSettings settings = HubSettings.fromEnvironment();
    HubFetch listener = new HubFetch(notes, model);
    try {
      return new Hub(settings.withOffline(offline || settings.offline()))
          .withListener(listener)
          .fetch(model);
    } finally {
      listener.clear();
    }
  }

  @Override
  public void progress(HubProgress now) {
    if (progress == null) {
      progress = Progress.ofBytes(notes, model.toString(), now.total());
    }
    progress.update(now.done(), now.received());
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
