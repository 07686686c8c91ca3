package io.github.tornadovit.kernels.machinecode;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.github.tornadovit.kernels.machinecode.Routines.Entry;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** The functions of {@link Bf16Attention} of this processor. */
final class MachineBf16Attention implements Bf16Attention.Functions {
  private static final MethodHandle TRANSPOSE =
      MachineLoops.handle(null, ADDRESS, JAVA_LONG, ADDRESS, JAVA_LONG, JAVA_LONG);
  private static final MethodHandle INTERLEAVE =
      MachineLoops.handle(null, ADDRESS, JAVA_LONG, ADDRESS, JAVA_LONG, JAVA_LONG, JAVA_LONG);
  private static final MethodHandle SOFTMAX =
      MachineLoops.handle(
          null,
          ADDRESS,
          JAVA_LONG,
          ADDRESS,
          JAVA_LONG,
          ADDRESS,
          JAVA_LONG,
          ADDRESS,
          JAVA_LONG,
          JAVA_LONG,
          JAVA_FLOAT);

  // Addresses of functions.
  private final MemorySegment transpose;
  private final MemorySegment interleave;
  private final MemorySegment softmax;

  MachineBf16Attention(Routines routines, MemorySegment code) {
    transpose = code.asSlice(routines.at(Entry.BF16_TRANSPOSE));
    interleave = code.asSlice(routines.at(Entry.BF16_INTERLEAVE));
    softmax = code.asSlice(routines.at(Entry.BF16_SOFTMAX));
  }

  @Override
  public void transpose(
      MemorySegment rows, long stride, MemorySegment to, long toStride, long blocks) {
    try {
      TRANSPOSE.invokeExact(transpose, rows, stride, to, toStride, blocks);
    } catch (Throwable e) {
      throw MachineLoops.unexpected(e);
    }
  }

  @Override
  public void interleave(
      MemorySegment rows, long stride, MemorySegment to, long toStride, long pairs, long vectors) {
    try {
      INTERLEAVE.invokeExact(interleave, rows, stride, to, toStride, pairs, vectors);
    } catch (Throwable e) {
      throw MachineLoops.unexpected(e);
    }
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
    try {
      SOFTMAX.invokeExact(
          softmax,
          x,
          xStride,
          bias,
          biasStride,
          codes,
          codesStride,
          inverses,
          vectors,
          rows,
          scale);
    } catch (Throwable e) {
      throw MachineLoops.unexpected(e);
    }
  }
}
