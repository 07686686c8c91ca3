package io.github.tornadovit.kernels.machinecode;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.MemorySegment;

/** The functions of {@link Bf16Attention} for any machine, interpreted. */
record InterpretedBf16Attention(InterpretedRoutines routines) implements Bf16Attention.Functions {
  @Override
  public void transpose(
      MemorySegment rows, long stride, MemorySegment to, long toStride, long blocks) {
    byte[] result = routines.bf16Transpose(bytes(rows), stride, bytes(to), toStride, blocks);
    to.copyFrom(MemorySegment.ofArray(result));
  }

  @Override
  public void interleave(
      MemorySegment rows, long stride, MemorySegment to, long toStride, long pairs, long vectors) {
    byte[] result =
        routines.bf16Interleave(bytes(rows), stride, bytes(to), toStride, pairs, vectors);
    to.copyFrom(MemorySegment.ofArray(result));
  }

  @Override
  public void softmax(
      MemorySegment x,
      long xStride,
      MemorySegment bias,
      long biasStride,
      MemorySegment codes,
      long codesStride,
      MemorySegment inverses,
      long vectors,
      long rows,
      float scale) {
    InterpretedRoutines.Numerators result =
        routines.bf16Softmax(
            x.toArray(JAVA_FLOAT),
            xStride,
            bias.toArray(JAVA_FLOAT),
            biasStride,
            bytes(codes),
            codesStride,
            inverses.toArray(JAVA_FLOAT),
            vectors,
            rows,
            scale);
    codes.copyFrom(MemorySegment.ofArray(result.codes()));
    inverses.copyFrom(MemorySegment.ofArray(result.inverses()));
  }

  private static byte[] bytes(MemorySegment segment) {
    return segment.toArray(JAVA_BYTE);
  }
}
