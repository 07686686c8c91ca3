package io.github.tornadovit.hub;

import io.github.tornadovit.hub.HubException.Reason;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Fetches checkpoints from the Hugging Face hub into the cache that Python's libraries use.
 *
 * {@snippet :
 * Path folder = Hub.fromEnvironment().fetch(HubModel.of("google/vit-base-patch16-224"));
 * }
 *
 * <p>What is in the cache is not downloaded again: a model at a commit costs no request, one at a
 * branch or tag a single one, which asks for its commit. Where the hub cannot be reached, the
 * commit that the branch had the last time is used, and the listener told so. An interrupted
 * download goes on where it ended. The files of a model come in side by side; the first that fails
 * ends the others.
 *
 * <p>Immutable, and safe for use by several threads and processes; of two that want the same file,
 * one downloads it and the other waits.
 */
public final class Hub {
  private final HubSettings settings;
  private final HubListener listener;
  private final Retries.Pause pause;

  /** A hub that works as the settings say and tells nobody. */
  public Hub(HubSettings settings) {
    this(settings, HubListener.SILENT, Retries.Pause.REAL);
  }

  Hub(HubSettings settings, HubListener listener, Retries.Pause pause) {
    this.settings = settings;
    this.listener = listener;
    this.pause = pause;
  }

  /** A hub as {@link HubSettings#fromEnvironment} describes it. */
  public static Hub fromEnvironment() {
    return new Hub(HubSettings.fromEnvironment());
  }

  /** This hub, telling what it does. */
  public Hub withListener(HubListener listener) {
    return new Hub(settings, listener, pause);
  }

  /**
   * Sees to it that the files of a checkpoint are in the cache: its configuration, and the weights
   * in the first form that it has, safetensors before PyTorch.
   *
   * @return the folder that holds them, of one commit, for {@code VisionModel.load}
   * @throws HubException if they cannot be had; its reason says why
   * @throws io.github.tornadovit.base.CheckpointException if the index of the weights is malformed
   */
  public Path fetch(HubModel model) {
    HubCache cache = new HubCache(settings, model);
    String known = cache.commit(model.revision());
    if (settings.offline()) {
      return offline(cache, model, known);
    }
    try (RemoteModel remote = new RemoteModel(settings, listener, pause, cache, model)) {
      String commit = remote.commit(known);
      SnapshotFiles.collect(remote.at(commit), cache.snapshot(commit), model.toString());
      return cache.snapshot(commit);
    }
  }

  private Path offline(HubCache cache, HubModel model, @Nullable String known) {
    if (known == null) {
      throw new HubException(
          Reason.OFFLINE,
          "%s: not in the cache %s, and offline; download it once with the network on"
              .formatted(model, cache.root()));
    }
    try {
      SnapshotFiles.collectCached(cache, model, known);
    } catch (HubException incomplete) {
      throw new HubException(
          Reason.OFFLINE,
          "%s: not completely in the cache %s, and offline; download it once with the network on (%s)"
              .formatted(model, cache.snapshot(known), incomplete.getMessage()),
          incomplete);
    }
    return cache.snapshot(known);
  }
}
