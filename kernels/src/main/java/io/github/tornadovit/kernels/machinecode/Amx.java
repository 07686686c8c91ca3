package io.github.tornadovit.kernels.machinecode;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.github.tornadovit.base.Precision;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Set;

/** AMX of this process: what it needs of the processor and of the system, and its functions. */
final class Amx implements AmxLoops.Functions {
  private static final MethodHandle TILES =
      MachineLoops.handle(
          null, ADDRESS, JAVA_LONG, JAVA_LONG, ADDRESS, ADDRESS, JAVA_LONG, ADDRESS, ADDRESS,
          ADDRESS, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);
  private static final MethodHandle FINISH =
      MachineLoops.handle(null, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG, JAVA_LONG);

  /** The system call {@code arch_prctl}, its request for a state, the state of the tiles. */
  private static final long ARCH_PRCTL = 158;

  private static final long ARCH_REQ_XCOMP_PERM = 0x1023;
  private static final long XTILEDATA = 18;

  private final MemorySegment tiles;
  private final MemorySegment finish;

  /** The functions of a precision. */
  Amx(Precision precision, Routines routines, MemorySegment code) {
    tiles = code.asSlice(routines.amxTiles(precision));
    finish = code.asSlice(routines.at(Routines.Entry.INT8_FINISH));
  }

  /**
   * Whether a processor multiplies by AMX, and by the AVX-512 that codes the rows.
   *
   * @param processorFlags as in {@link InstructionSet#isIn}
   */
  static boolean isIn(InstructionSet set, Set<String> processorFlags, Precision precision) {
    return set == InstructionSet.AVX512
        && processorFlags.contains("amx_tile")
        && switch (precision) {
          case F32, F16 -> false;
          case INT8 -> processorFlags.containsAll(Set.of("amx_int8", "avx512_vnni"));
          case BF16 -> processorFlags.containsAll(Set.of("amx_bf16", "avx512_bf16"));
        };
  }

  /**
   * Asks the system for the tile registers, for all threads of the process; needs Linux 5.16. Once
   * given, the permission stays.
   *
   * <p>Source: the Linux kernel's documentation, Using XSTATE features in user space applications.
   */
  @SuppressWarnings("restricted") // Changes nothing but what this process may do.
  static boolean isPermitted() {
    MethodHandle call =
        CodeMemory.function(
            "syscall",
            FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG),
            Linker.Option.firstVariadicArg(1));
    try {
      return (long) call.invokeExact(ARCH_PRCTL, ARCH_REQ_XCOMP_PERM, XTILEDATA) == 0;
    } catch (Throwable e) {
      throw MachineLoops.unexpected(e);
    }
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
    try {
      TILES.invokeExact(
          tiles,
          shapes,
          aStride,
          steps,
          init,
          sums,
          (long) AmxTileCode.STRIP_BYTES,
          a,
          strip,
          c,
          cStride,
          whole,
          tall,
          low,
          chunks,
          strips);
    } catch (Throwable e) {
      throw MachineLoops.unexpected(e);
    }
  }

  @Override
  public void finish(
      MemorySegment c, MemorySegment rowEnds, MemorySegment columnEnds, long rows, long cStride) {
    try {
      FINISH.invokeExact(finish, c, rowEnds, columnEnds, rows, cStride);
    } catch (Throwable e) {
      throw MachineLoops.unexpected(e);
    }
  }
}
