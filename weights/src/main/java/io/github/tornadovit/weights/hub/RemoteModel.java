package io.github.tornadovit.weights.hub;

import io.github.tornadovit.weights.checkpoint.CheckpointException;
import io.github.tornadovit.weights.hub.HubException.Reason;
import io.github.tornadovit.weights.layout.CheckpointFiles;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A model as the hub has it: the commit of its revision, and its files, which come into the cache.
 *
 * <p>No connection is made before something is asked for that the cache does not know.
 */
final class RemoteModel implements AutoCloseable {
  private final HubSettings settings;
  private final HubListener listener;
  private final Retries.Pause pause;
  private final HubCache cache;
  private final HubModel model;
  private final Map<String, RemoteFile> asked = new HashMap<>();
  private @Nullable HubClient client;

  RemoteModel(
      HubSettings settings,
      HubListener listener,
      Retries.Pause pause,
      HubCache cache,
      HubModel model) {
    this.settings = settings;
    this.listener = listener;
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
      RemoteFile config =
          head(model.revision(), CheckpointFiles.CONFIG, fallback ? 1 : Retries.MOST);
      asked.put(CheckpointFiles.CONFIG, config);
      cache.rememberCommit(model.revision(), config.commit());
      return config.commit();
    } catch (HubException failure) {
      if (known == null || !fallback || isFinal(failure.reason())) {
        throw failure;
      }
      listener.notice(
          "%s; using commit %s from the cache, which was the last known"
              .formatted(failure.getMessage(), known));
      return known;
    }
  }

  /** What a cached model does not help against. */
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

  /**
   * Has a file put into the snapshot of a commit.
   *
   * @return false if the commit has no such file
   */
  boolean has(String commit, String file, long maxBytes) {
    if (cache.has(commit, file)) {
      return true;
    }
    if (cache.isAbsent(commit, file)) {
      return false;
    }
    RemoteFile remote = asked.get(file);
    try {
      if (remote == null) {
        remote = head(commit, file, Retries.MOST);
      }
    } catch (HubException failure) {
      if (failure.reason() != Reason.FILE_NOT_FOUND) {
        throw failure;
      }
      cache.rememberAbsent(commit, file);
      return false;
    }
    if (!remote.commit().equals(commit)) {
      throw new HubException(
          Reason.PROTOCOL,
          "%s: asked for %s of commit %s, the hub answers for %s; look at HF_ENDPOINT"
              .formatted(model, file, commit, remote.commit()));
    }
    new FileDownload(
            client(), cache, settings, listener, retries(Retries.MOST), model, file, maxBytes)
        .run(remote);
    return true;
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
    return new Retries(attempts, pause, listener);
  }

  private HubClient client() {
    HubClient opened = client;
    if (opened == null) {
      opened = new HubClient(settings, model);
      client = opened;
    }
    return opened;
  }

  @Override
  public void close() {
    if (client != null) {
      client.close();
    }
  }
}
