package io.github.tornadovit.hub;

import io.github.tornadovit.hub.HubException.Reason;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The files of one commit on their way into the cache: first all are asked for, so that their
 * number of bytes is known, then they come in side by side.
 */
final class RemoteSnapshot implements SnapshotFiles.Source {
  private final RemoteModel remote;
  private final HubSettings settings;
  private final HubCache cache;
  private final HubModel model;
  private final DownloadMeter meter;
  private final String commit;

  /** By name, so that shards begin in their order, whichever was answered for first. */
  private final Map<String, Found> found = new TreeMap<>();

  /** A file that the cache does not have. */
  private record Found(RemoteFile file, FileDownload download) {}

  RemoteSnapshot(
      RemoteModel remote,
      HubSettings settings,
      HubCache cache,
      HubModel model,
      DownloadMeter meter,
      String commit) {
    this.remote = remote;
    this.settings = settings;
    this.cache = cache;
    this.model = model;
    this.meter = meter;
    this.commit = commit;
  }

  @Override
  public boolean has(String file, long maxBytes) {
    if (cache.has(commit, file)) {
      return true;
    }
    if (cache.isAbsent(commit, file)) {
      return false;
    }
    RemoteFile answer;
    try {
      answer = remote.ask(commit, file);
    } catch (HubException failure) {
      if (failure.reason() != Reason.FILE_NOT_FOUND) {
        throw failure;
      }
      cache.rememberAbsent(commit, file);
      return false;
    }
    if (!answer.commit().equals(commit)) {
      throw new HubException(
          Reason.PROTOCOL,
          "%s: asked for %s of commit %s, the hub answers for %s; look at HF_ENDPOINT"
              .formatted(model, file, commit, answer.commit()));
    }
    FileDownload download = remote.download(file, maxBytes);
    download.requireLength(answer.size());
    synchronized (found) {
      found.put(file, new Found(answer, download));
    }
    return true;
  }

  @Override
  public Optional<String> lacking(Collection<String> files, long maxBytes) {
    List<String> all = List.copyOf(files);
    boolean[] lacking = new boolean[all.size()];
    List<Runnable> questions = new ArrayList<>();
    for (int i = 0; i < lacking.length; i++) {
      int index = i;
      questions.add(() -> lacking[index] = !has(all.get(index), maxBytes));
    }
    SideBySide.run(settings.downloads(), questions);
    for (int i = 0; i < lacking.length; i++) {
      if (lacking[i]) {
        return Optional.of(all.get(i));
      }
    }
    return Optional.empty();
  }

  @Override
  public void bring(String file) {
    Found one = found.remove(file);
    if (one != null) {
      cache.prepare(commit);
      meter.add(file, one.file().size(), cache.left(one.file().etag()));
      one.download().run(one.file());
    }
  }

  @Override
  public void bring() {
    if (found.isEmpty()) {
      return;
    }
    cache.prepare(commit);
    long missing = 0;
    for (Map.Entry<String, Found> entry : found.entrySet()) {
      RemoteFile file = entry.getValue().file();
      long left = cache.left(file.etag());
      meter.add(entry.getKey(), file.size(), left);
      missing += cache.hasBlob(file.etag()) ? 0 : Math.max(0, file.size().orElse(0) - left);
    }
    requireSpace(missing);
    meter.begin();
    SideBySide.run(
        settings.downloads(),
        found.values().stream()
            .<Runnable>map(one -> () -> one.download().run(one.file()))
            .toList());
  }

  /** A file system that does not know its space is taken at its word when writing fails. */
  private void requireSpace(long bytes) {
    long free = cache.free();
    if (free > 0 && free < bytes) {
      throw new HubException(
          Reason.CACHE,
          "%s: needs %d bytes more and %s has %d free; free some, or set HF_HUB_CACHE to another folder"
              .formatted(model, bytes, cache.root(), free));
    }
  }
}
