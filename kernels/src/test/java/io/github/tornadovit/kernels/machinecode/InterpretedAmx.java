package io.github.tornadovit.kernels.machinecode;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.github.tornadovit.base.Precision;
import io.github.tornadovit.kernels.cpu.CodedLoops;
import java.lang.foreign.MemorySegment;

/** The functions of {@link Amx} for any machine, interpreted. */
final class InterpretedAmx implements AmxLoops.Functions {
  private final Precision precision;
  private final InterpretedRoutines routines;

  private InterpretedAmx(Precision precision, InterpretedRoutines routines) {
    this.precision = precision;
    this.routines = routines;
  }

  /** {@link AmxLoops} of these functions, whose rows are coded by interpreted ones of AVX-512. */
  static CodedLoops loops(Precision precision) {
    InterpretedRoutines routines = InterpretedRoutines.of(InstructionSet.AVX512);
    CodedLoops vectors =
        precision == Precision.INT8
            ? new InterpretedInt8Loops(InstructionSet.AVX512, Int8Form.QUADS)
            : new InterpretedBf16Loops(routines);
    return new AmxLoops(precision, vectors, new InterpretedAmx(precision, routines));
  }

  @Override
  public void tiles(
      MemorySegment shapes,
      long aStride,
      long steps,
      MemorySegment init,
      MemorySegment sums,
      MemorySegment a,
      MemorySegment strip,
      MemorySegment c,
      long cStride,
      long whole,
      long tall,
      long low,
      long chunks,
      long strips) {
    byte[] result =
        routines.amxTiles(
            precision,
            bytes(shapes),
            aStride,
            steps,
            bytes(init),
            Math.toIntExact(sums.byteSize()),
            bytes(a),
            bytes(strip),
            bytes(c),
            cStride,
            whole,
            tall,
            low,
            chunks,
            strips);
    c.copyFrom(MemorySegment.ofArray(result));
  }

  @Override
  public void finish(
      MemorySegment c, MemorySegment rowEnds, MemorySegment columnEnds, long rows, long cStride) {
    byte[] result = routines.int8Finish(bytes(c), bytes(rowEnds), bytes(columnEnds), rows, cStride);
    c.copyFrom(MemorySegment.ofArray(result));
  }

  private static byte[] bytes(MemorySegment segment) {
    return segment.toArray(JAVA_BYTE);
  }
}
