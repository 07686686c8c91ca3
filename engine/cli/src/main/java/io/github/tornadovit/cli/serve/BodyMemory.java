package io.github.tornadovit.cli.serve;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The memory that bodies of requests may take together. It is taken as bytes come, so that a client
 * that announces much and sends little holds little.
 */
final class BodyMemory {
  /** What a request that has sent next to nothing holds. */
  private static final int CHUNK = 1 << 13;

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
      List<byte[]> full = new ArrayList<>();
      byte[] chunk = new byte[CHUNK];
      int filled = 0;
      for (int count = body.read(chunk); count >= 0; ) {
        take(count);
        filled += count;
        if (filled == CHUNK) {
          full.add(chunk);
          chunk = new byte[CHUNK];
          filled = 0;
        }
        count = body.read(chunk, filled, CHUNK - filled);
      }
      return joined(full, chunk, filled);
    }

    private static byte[] joined(List<byte[]> full, byte[] last, int filled) {
      byte[] all = new byte[full.size() * CHUNK + filled];
      for (int i = 0; i < full.size(); i++) {
        System.arraycopy(full.get(i), 0, all, i * CHUNK, CHUNK);
      }
      System.arraycopy(last, 0, all, full.size() * CHUNK, filled);
      return all;
    }

    private Refusal tooLarge() {
      return Refusal.tooLarge("the body has more than %d bytes".formatted(limits.bodyBytes()));
    }

    private void take(int more) throws Refusal {
      if (bytes + more > limits.bodyBytes()) {
        throw tooLarge();
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
