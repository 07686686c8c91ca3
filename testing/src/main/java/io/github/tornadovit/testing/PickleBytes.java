package io.github.tornadovit.testing;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Assembles pickles, opcode by opcode. */
public final class PickleBytes {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  /** A pickle of protocol 2 that begins with its header. */
  public static PickleBytes protocol2() {
    return new PickleBytes().raw(0x80, 2);
  }

  /** Literal bytes. */
  public PickleBytes raw(int... bytes) {
    for (int value : bytes) {
      out.write(value);
    }
    return this;
  }

  /** Opcodes that are printable. */
  public PickleBytes ops(String opcodes) {
    out.writeBytes(opcodes.getBytes(StandardCharsets.ISO_8859_1));
    return this;
  }

  /** GLOBAL. */
  public PickleBytes global(String module, String symbol) {
    return ops("c" + module + "\n" + symbol + "\n");
  }

  /** BINUNICODE. */
  public PickleBytes text(String text) {
    byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
    ops("X").int32(encoded.length).out.writeBytes(encoded);
    return this;
  }

  /** BININT. */
  public PickleBytes integer(int value) {
    return ops("J").int32(value);
  }

  /** LONG1 of eight bytes. */
  public PickleBytes longInteger(long value) {
    raw(0x8a, 8);
    out.writeBytes(
        ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array());
    return this;
  }

  /** A tuple of integers. */
  public PickleBytes tuple(long... values) {
    ops("(");
    for (long value : values) {
      longInteger(value);
    }
    return ops("t");
  }

  /** A storage by its persistent id. */
  public PickleBytes storage(String type, String key, long elements) {
    return ops("(")
        .text("storage")
        .global("torch", type)
        .text(key)
        .text("cpu")
        .longInteger(elements)
        .ops("tQ");
  }

  /** A float tensor on storage {@code key}, as torch writes it. */
  public PickleBytes tensor(String key, long elements, long offset, long[] size, long[] stride) {
    return global("torch._utils", "_rebuild_tensor_v2")
        .ops("(")
        .storage("FloatStorage", key, elements)
        .longInteger(offset)
        .tuple(size)
        .tuple(stride)
        .raw(0x89)
        .global("collections", "OrderedDict")
        .ops(")RtR");
  }

  /** A dict with one tensor {@code x} on storage 0, and STOP. */
  public static byte[] oneTensor(long elements, long offset, long[] size, long[] stride) {
    return protocol2()
        .ops("}")
        .text("x")
        .tensor("0", elements, offset, size, stride)
        .ops("s.")
        .build();
  }

  /** The bytes. */
  public byte[] build() {
    return out.toByteArray();
  }

  private PickleBytes int32(int value) {
    out.writeBytes(
        ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array());
    return this;
  }
}
