package io.github.tornadovit.hub;

import io.github.tornadovit.base.CheckpointException;
import io.github.tornadovit.hub.HubException.Reason;
import io.github.tornadovit.weights.layout.CheckpointFiles;
import org.jspecify.annotations.Nullable;

/**
 * A model as the hub has it: the commit of its revision, and its files, which come into the cache.
 *
 * <p>No connection is made before something is asked for that the cache does not know.
 */
final class RemoteModel implements AutoCloseable {
  private final HubSettings settings;
  private final DownloadMeter meter;
  private final Retries.Pause pause;
  private final HubCache cache;
  private final HubModel model;
  private @Nullable RemoteFile config;
  private @Nullable HubClient client;

  RemoteModel(
      HubSettings settings,
      HubListener listener,
      Retries.Pause pause,
      HubCache cache,
      HubModel model) {
    this.settings = settings;
    meter = new DownloadMeter(listener);
    this.pause = pause;
    this.cache = cache;
    this.model = model;
  }

  /**
   * The commit of the model's revision.
   *
   * @param known the one that it had the last time
   */
  String commit(@Nullable String known) {
    if (known != null && known.equals(model.revision())) {
      return known;
    }
    boolean fallback = known != null && isCached(known);
    try {
      RemoteFile answer =
          head(model.revision(), CheckpointFiles.CONFIG, fallback ? 1 : Retries.MOST);
      config = answer;
      cache.rememberCommit(model.revision(), answer.commit());
      return answer.commit();
    } catch (HubException failure) {
      if (known == null || !fallback || isFinal(failure.reason())) {
        throw failure;
      }
      meter.notice(
          "%s; using commit %s from the cache, which was the last known"
              .formatted(failure.getMessage(), known));
      return known;
    }
  }

  /** Failures that a cached model does not help against. */
  private static boolean isFinal(Reason reason) {
    return reason == Reason.REVISION_NOT_FOUND
        || reason == Reason.FILE_NOT_FOUND
        || reason == Reason.INTERRUPTED;
  }

  private boolean isCached(String commit) {
    try {
      SnapshotFiles.collectCached(cache, model, commit);
      return true;
    } catch (HubException | CheckpointException incomplete) {
      return false;
    }
  }

  /** The files of a commit. */
  SnapshotFiles.Source at(String commit) {
    return new RemoteSnapshot(this, settings, cache, model, meter, commit);
  }

  /**
   * Asks what a file is.
   *
   * @throws HubException if the model has no such file, or the hub does not say after some attempts
   */
  RemoteFile ask(String commit, String file) {
    RemoteFile known = file.equals(CheckpointFiles.CONFIG) ? config : null;
    return known == null ? head(commit, file, Retries.MOST) : known;
  }

  /** A download of a file. */
  FileDownload download(String file, long maxBytes) {
    return new FileDownload(
        client(), cache, settings, meter, retries(Retries.MOST), model, file, maxBytes);
  }

  private RemoteFile head(String revision, String file, int attempts) {
    Retries retries = retries(attempts);
    while (true) {
      try {
        return client().head(revision, file);
      } catch (HubException failure) {
        retries.after(failure);
      }
    }
  }

  private Retries retries(int attempts) {
    return new Retries(attempts, pause, meter::notice);
  }

  private synchronized HubClient client() {
    HubClient opened = client;
    if (opened == null) {
      opened = new HubClient(settings, model);
      client = opened;
    }
    return opened;
  }

  @Override
  public synchronized void close() {
    if (client != null) {
      client.close();
    }
  }
}
