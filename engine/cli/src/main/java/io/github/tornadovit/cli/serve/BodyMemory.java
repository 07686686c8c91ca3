package io.github.tornadovit.cli.serve;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The memory that bodies of requests may take together. It is taken as bytes come, so that a client
 * that announces much and sends little holds little.
 */
final class BodyMemory {
  private static final int CHUNK = 1 << 16;

  private final Limits limits;
  private final AtomicLong taken = new AtomicLong();

  BodyMemory(Limits limits) {
    this.limits = limits;
  }

  /** A request's part, from its body's first byte to its answer. */
  final class Share implements AutoCloseable {
    private long bytes;

    /**
     * Reads a body.
     *
     * @param declared length by the header, 0 if there is none: a chunked body is counted as it
     *     comes
     */
    byte[] read(InputStream body, long declared) throws IOException, Refusal {
      if (declared > limits.bodyBytes()) {
        throw tooLarge();
      }
      ByteArrayOutputStream read = new ByteArrayOutputStream(Math.clamp(declared, 0, CHUNK));
      byte[] chunk = new byte[CHUNK];
      for (int count = body.read(chunk); count >= 0; count = body.read(chunk)) {
        if (read.size() + count > limits.bodyBytes()) {
          throw tooLarge();
        }
        take(read.size() + count - bytes);
        read.write(chunk, 0, count);
      }
      return read.toByteArray();
    }

    private Refusal tooLarge() {
      return Refusal.tooLarge("the body has more than %d bytes".formatted(limits.bodyBytes()));
    }

    private void take(long more) throws Refusal {
      if (more <= 0) {
        return;
      }
      bytes += more;
      if (taken.addAndGet(more) > limits.memoryBytes()) {
        throw Refusal.later("requests in work take all the memory there is for them");
      }
    }

    @Override
    public void close() {
      taken.addAndGet(-bytes);
      bytes = 0;
    }
  }

  Share share() {
    return new Share();
  }

  /** For tests. */
  long taken() {
    return taken.get();
  }
}
