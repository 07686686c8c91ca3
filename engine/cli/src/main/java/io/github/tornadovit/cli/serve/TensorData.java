package io.github.tornadovit.cli.serve;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The values of a tensor: numbers or byte strings, row-major. Not for several threads. */
final class TensorData {
  private final List<byte[]> texts = new ArrayList<>();
  private float[] numbers = new float[16];
  private int count;

  void add(byte[] text) {
    texts.add(text);
  }

  void add(float number) {
    if (count == numbers.length) {
      numbers = Arrays.copyOf(numbers, Math.multiplyExact(count, 2));
    }
    numbers[count++] = number;
  }

  /** Adds 32-bit numbers, little-endian. */
  void addNumbers(ByteBuffer bytes, String what) throws Refusal {
    if (bytes.remaining() % Float.BYTES != 0) {
      throw Refusal.bad(
          "%s has %d bytes, expected a multiple of 4".formatted(what, bytes.remaining()));
    }
    int more = bytes.remaining() / Float.BYTES;
    numbers = Arrays.copyOf(numbers, count + more);
    bytes.order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(numbers, count, more);
    count += more;
  }

  /** Adds byte strings, each behind its length in four bytes, little-endian. */
  void addTexts(ByteBuffer bytes, String what) throws Refusal {
    bytes.order(ByteOrder.LITTLE_ENDIAN);
    while (bytes.hasRemaining()) {
      int length = bytes.remaining() < Integer.BYTES ? -1 : bytes.getInt();
      if (length < 0 || length > bytes.remaining()) {
        throw Refusal.bad("an element of %s does not end within its bytes".formatted(what));
      }
      byte[] text = new byte[length];
      bytes.get(text);
      add(text);
    }
  }

  List<byte[]> texts() {
    return texts;
  }

  int numbers() {
    return count;
  }

  float[] numbers(int from, int to) {
    return Arrays.copyOfRange(numbers, from, to);
  }
}
