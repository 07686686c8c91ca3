package io.github.tornadovit.kernels.machinecode;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Instructions of vectors on integers and bfloat16 as Intel's manual defines them, on lanes of 32
 * bits that a float holds.
 */
final class X86Integers {
  private static final int BYTE = 0xff;

  private X86Integers() {}

  /** {@code vpmaddwd}. */
  static float pairs(float x, float y) {
    int a = Float.floatToRawIntBits(x);
    int b = Float.floatToRawIntBits(y);
    return Float.intBitsToFloat((short) a * (short) b + (a >> 16) * (b >> 16));
  }

  /** {@code vpdpbusd}: x of unsigned, y of signed bytes. */
  static float quads(float to, float x, float y) {
    int sum = Float.floatToRawIntBits(to);
    for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
      int unsigned = Float.floatToRawIntBits(x) >>> shift & BYTE;
      sum += unsigned * (byte) (Float.floatToRawIntBits(y) >> shift);
    }
    return Float.intBitsToFloat(sum);
  }

  /** {@code vdpbf16ps}; the upper of a pair is added first. Subnormal numbers count as zero. */
  static float bf16Pairs(float to, float x, float y) {
    int a = Float.floatToRawIntBits(x);
    int b = Float.floatToRawIntBits(y);
    float upper = Math.fma(bf16(a >>> Short.SIZE), bf16(b >>> Short.SIZE), to);
    return Math.fma(bf16(a), bf16(b), upper);
  }

  /** {@code vcvtneps2bf16}: twice as many floats as lanes of the result. */
  static float[] bf16Of(float[] floats) {
    ByteBuffer bytes =
        ByteBuffer.allocate(floats.length * Short.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (float x : floats) {
      int bits = Float.floatToRawIntBits(x);
      int upper = bits >>> Short.SIZE;
      if (Float.isNaN(x)) {
        bytes.putShort((short) (upper | 0x40));
      } else if (Math.abs(x) < Float.MIN_NORMAL) {
        bytes.putShort((short) (upper & 0x8000));
      } else {
        // To the nearest of the two neighbours, and to the even one between them.
        int rest = bits & 0xffff;
        boolean up = rest > 0x8000 || (rest == 0x8000 && upper % 2 == 1);
        bytes.putShort((short) (up ? upper + 1 : upper));
      }
    }
    return lanes(bytes);
  }

  private static float bf16(int bits) {
    float value = Float.intBitsToFloat(bits << Short.SIZE);
    return Math.abs(value) < Float.MIN_NORMAL ? 0 : value;
  }

  /** {@code vcvtps2dq}; what no int holds becomes the least. */
  static float rounded(float x) {
    double value = Math.rint(x);
    boolean holds = Math.abs(value) < 0x1p31;
    return Float.intBitsToFloat(holds ? (int) value : Integer.MIN_VALUE);
  }

  /** {@code vpmovzxwd}: twice as many ints as lanes. */
  static float[] words(float[] from) {
    float[] ints = new float[2 * from.length];
    ByteBuffer bytes = bytes(from);
    for (int i = 0; i < ints.length; i++) {
      ints[i] = Float.intBitsToFloat(Short.toUnsignedInt(bytes.getShort(i * Short.BYTES)));
    }
    return ints;
  }

  private static ByteBuffer bytes(float[] lanes) {
    ByteBuffer bytes =
        ByteBuffer.allocate(lanes.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(lanes);
    return bytes;
  }

  private static float[] lanes(ByteBuffer bytes) {
    float[] lanes = new float[bytes.capacity() / Float.BYTES];
    bytes.rewind();
    bytes.asFloatBuffer().get(lanes);
    return lanes;
  }

  /** {@code vpmovsxbw}. */
  static float[] widened(float[] from) {
    ByteBuffer source = bytes(from);
    ByteBuffer to = ByteBuffer.allocate(2 * source.capacity()).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < source.capacity(); i++) {
      to.putShort(2 * i, source.get(i));
    }
    return lanes(to);
  }

  /** {@code vpmovdw}, {@code vpmovdb}: the lowest bytes of each lane. */
  static float[] narrowed(float[] from, int kept) {
    ByteBuffer source = bytes(from);
    ByteBuffer to = ByteBuffer.allocate(from.length * kept).order(ByteOrder.LITTLE_ENDIAN);
    for (int lane = 0; lane < from.length; lane++) {
      for (int i = 0; i < kept; i++) {
        to.put(lane * kept + i, source.get(lane * Float.BYTES + i));
      }
    }
    return lanes(to);
  }

  /** {@code vpackssdw}: 16-bit integers, saturated. */
  static float[] packedWords(float[] x, float[] y) {
    ByteBuffer to = ByteBuffer.allocate(4 * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int lane = 0; lane < 4; lane++) {
      to.putShort(2 * lane, saturated(Float.floatToRawIntBits(x[lane])));
      to.putShort(8 + 2 * lane, saturated(Float.floatToRawIntBits(y[lane])));
    }
    return lanes(to);
  }

  private static short saturated(int value) {
    return (short) Math.clamp(value, Short.MIN_VALUE, Short.MAX_VALUE);
  }

  /** {@code vpackuswb}: unsigned bytes, saturated. */
  static float[] packedBytes(float[] x, float[] y) {
    ByteBuffer to = ByteBuffer.allocate(4 * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    ByteBuffer first = bytes(x);
    ByteBuffer second = bytes(y);
    for (int i = 0; i < 8; i++) {
      to.put(i, (byte) Math.clamp(first.getShort(2 * i), 0, BYTE));
      to.put(8 + i, (byte) Math.clamp(second.getShort(2 * i), 0, BYTE));
    }
    return lanes(to);
  }
}
