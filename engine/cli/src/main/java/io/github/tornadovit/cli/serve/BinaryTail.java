package io.github.tornadovit.cli.serve;

import java.nio.ByteBuffer;

/** The binary tensors behind the JSON of a request, in the order of its inputs. */
final class BinaryTail {
  private final ByteBuffer bytes;

  BinaryTail(byte[] body, int from) {
    bytes = ByteBuffer.wrap(body, from, body.length - from);
  }

  /** The next bytes, of an input that says how many are its own. */
  ByteBuffer take(int count, String input) throws Refusal {
    if (count > bytes.remaining()) {
      throw Refusal.bad(
          "%s has binary_data_size %d, and %d bytes are left behind the JSON"
              .formatted(input, count, bytes.remaining()));
    }
    ByteBuffer taken = bytes.slice(bytes.position(), count);
    bytes.position(bytes.position() + count);
    return taken;
  }

  void requireEmpty() throws Refusal {
    if (bytes.hasRemaining()) {
      throw Refusal.bad(
          "%d bytes behind the JSON belong to no input; binary_data_size says how many do"
              .formatted(bytes.remaining()));
    }
  }
}
