package io.github.tornadovit.hub;

import io.github.tornadovit.hub.HubException.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/** One file on its way into the cache: resumed, tried again, limited and checked. */
final class FileDownload {
  private static final int BUFFER_BYTES = 1 << 18;

  /** What has to come in for a failed attempt not to count; else a server could drip for ever. */
  private static final long PROGRESS_BYTES = 1 << 20;

  private final HubClient client;
  private final HubCache cache;
  private final DownloadMeter meter;
  private final HubSettings settings;
  private final Retries retries;
  private final String model;
  private final String file;
  private final long maxBytes;

  /**
   * Prepares a download.
   *
   * @param file its name in the model
   * @param maxBytes a longer file is refused
   */
  FileDownload(
      HubClient client,
      HubCache cache,
      HubSettings settings,
      DownloadMeter meter,
      Retries retries,
      HubModel model,
      String file,
      long maxBytes) {
    this.client = client;
    this.cache = cache;
    this.settings = settings;
    this.meter = meter;
    this.retries = retries;
    this.model = model.toString();
    this.file = file;
    this.maxBytes = maxBytes;
  }

  /** Brings the file into the snapshot of its commit, unless another download just did. */
  void run(RemoteFile remote) {
    Path blob = cache.blob(remote.etag());
    try (CacheLock _ = cache.lock(remote.etag(), this::tellWaiting)) {
      boolean isNew = !Files.exists(blob);
      if (isNew) {
        bring(remote, blob);
      } else {
        long size = remote.size().orElse(0);
        meter.progress(file, size, 0, size);
      }
      cache.link(remote.commit(), file, remote.etag(), isNew);
    }
  }

  private void tellWaiting() {
    meter.notice("%s: waiting for another process that downloads %s".formatted(model, file));
  }

  private void bring(RemoteFile remote, Path blob) {
    Checksum checksum = Checksum.of(remote.etag());
    try (PartialFile partial = PartialFile.open(blob, checksum != null)) {
      long resumed = partial.size();
      transferAll(remote, partial);
      if (checksum != null && !matches(partial, checksum, remote.etag(), resumed == 0)) {
        // What was left of an earlier download is to blame before the hub is.
        transferAll(remote, partial);
        matches(partial, checksum, remote.etag(), true);
      }
      partial.publish(blob);
    } catch (ClosedByInterruptException interrupt) {
      throw HubException.interrupted(interrupt);
    } catch (IOException unwritable) {
      throw cache.unusable(blob, "cannot be written", unwritable);
    }
  }

  /** Leaves nothing behind that does not match. */
  private boolean matches(PartialFile partial, Checksum kind, String expected, boolean last)
      throws IOException {
    String got = kind.compute(partial.path());
    if (got.equals(expected)) {
      return true;
    }
    partial.clear();
    if (last) {
      throw corrupt(
          "came with %s %s, expected %s; it was damaged on the way, or a proxy or mirror holds another file"
              .formatted(kind, got, expected));
    }
    return false;
  }

  /** Attempts, each from where the last one ended, until all bytes are there. */
  private void transferAll(RemoteFile first, PartialFile partial) throws IOException {
    RemoteFile remote = first;
    long counted = partial.size();
    while (true) {
      try {
        transfer(remote, partial);
        return;
      } catch (HubException failure) {
        if (partial.size() - counted >= PROGRESS_BYTES) {
          retries.progressed();
        }
        counted = partial.size();
        retries.after(failure);
      }
      remote = again(first);
    }
  }

  /** Asks the hub again, since signed addresses expire. */
  private RemoteFile again(RemoteFile first) {
    while (true) {
      try {
        RemoteFile remote = client.head(first.commit(), file);
        if (!remote.etag().equals(first.etag())) {
          throw new HubException(
              Reason.PROTOCOL,
              "%s: %s has etag %s and, a moment later, %s; try again"
                  .formatted(model, file, first.etag(), remote.etag()));
        }
        return remote;
      } catch (HubException failure) {
        retries.after(failure);
      }
    }
  }

  private void transfer(RemoteFile remote, PartialFile partial) throws IOException {
    long size = remote.size().orElse(-1);
    if (size >= 0 && partial.size() > size) {
      partial.clear();
    }
    meter.progress(file, partial.size(), 0, Math.max(size, 0));
    if (size >= 0 && partial.size() == size) {
      return;
    }
    HttpResponse<InputStream> answer = client.get(remote, partial.size(), file);
    InputStream body = answer.body();
    try (StallGuard guard = new StallGuard(body, settings.downloadTimeout())) {
      if (isFromOffset(answer, partial.size(), size)) {
        copy(body, guard, partial, announced(answer, partial.size(), size));
      } else {
        partial.clear();
        if (answer.statusCode() != 200) {
          throw new HubException(
              Reason.UNAVAILABLE,
              "%s: the server does not continue %s; starting it again".formatted(model, file));
        }
        copy(body, guard, partial, announced(answer, 0, size));
      }
    } finally {
      HubClient.closeQuietly(body);
    }
  }

  /** Whether the answer goes on where the file ends; from the start means that it was empty. */
  private static boolean isFromOffset(HttpResponse<?> answer, long offset, long size) {
    if (answer.statusCode() == 200) {
      return offset == 0;
    }
    String range = answer.headers().firstValue("Content-Range").orElse("");
    return answer.statusCode() == 206
        && range.startsWith("bytes " + offset + "-")
        && (size < 0 || range.endsWith("/" + size) || range.endsWith("/*"));
  }

  /** The length of the whole file, as answers to HEAD and GET agree; -1 if neither says. */
  private long announced(HttpResponse<?> answer, long offset, long size) {
    if (!answer.headers().firstValue("Content-Encoding").orElse("identity").equals("identity")) {
      throw new HubException(
          Reason.PROTOCOL,
          "%s: %s comes compressed though asked for as it is; look at HF_ENDPOINT and the proxy"
              .formatted(model, file));
    }
    OptionalLong length = answer.headers().firstValueAsLong("Content-Length");
    if (length.isEmpty()) {
      return size;
    }
    long whole = offset + length.getAsLong();
    if (size >= 0 && whole != size) {
      throw corrupt("was announced with %d bytes and comes with %d".formatted(size, whole));
    }
    requireLength(OptionalLong.of(whole));
    return whole;
  }

  private void copy(InputStream body, StallGuard guard, PartialFile partial, long whole)
      throws IOException {
    byte[] buffer = new byte[BUFFER_BYTES];
    for (int count = read(body, guard, buffer); count >= 0; count = read(body, guard, buffer)) {
      if (partial.size() + count > (whole < 0 ? maxBytes : whole)) {
        partial.clear();
        throw corrupt("has more bytes than the %d announced".formatted(whole));
      }
      partial.append(buffer, count);
      guard.alive();
      meter.progress(file, partial.size(), count, Math.max(whole, 0));
    }
    if (whole >= 0 && partial.size() != whole) {
      throw new HubException(
          Reason.UNAVAILABLE,
          "%s: %s: the connection ended after %d of %d bytes"
              .formatted(model, file, partial.size(), whole));
    }
  }

  /** Failures of the network apart from those of the disk. */
  private int read(InputStream body, StallGuard guard, byte[] buffer) {
    try {
      return body.read(buffer);
    } catch (IOException broken) {
      if (Thread.currentThread().isInterrupted()) {
        throw HubException.interrupted(broken);
      }
      throw new HubException(
          Reason.UNAVAILABLE,
          guard.stalled()
              ? "%s: %s: no byte came for %d s"
                  .formatted(model, file, settings.downloadTimeout().toSeconds())
              : "%s: %s: the connection broke: %s".formatted(model, file, broken.getMessage()),
          broken);
    }
  }

  /** Refuses a file that is longer than it may be. */
  void requireLength(OptionalLong size) {
    if (size.isPresent() && size.getAsLong() > maxBytes) {
      throw new HubException(
          Reason.PROTOCOL,
          "%s: %s has %d bytes, expected at most %d"
              .formatted(model, file, size.getAsLong(), maxBytes));
    }
  }

  private HubException corrupt(String problem) {
    return new HubException(Reason.CORRUPT, "%s: %s %s; try again".formatted(model, file, problem));
  }
}
