package io.github.tornadovit.kernels.machinecode;

import static io.github.tornadovit.kernels.machinecode.Operand.Address.at;
import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.github.tornadovit.kernels.cpu.ScalarLoops;
import io.github.tornadovit.kernels.machinecode.Encoding.Label;
import io.github.tornadovit.kernels.machinecode.Operand.Constant;
import io.github.tornadovit.kernels.machinecode.Operand.Vector;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Multiply-adds on registers and nothing else: a yardstick for products, the same instructions
 * whatever a compiler makes of a loop in Java.
 *
 * <p>As a C function: {@code void peak(long steps, float *sums)}. Math, for {@value #CHAINS}
 * vectors of sums: each lane gets {@value #UNROLLED} {@linkplain Form multiply-adds} more, {@code
 * steps} times. In a shorter loop the processor starts fewer of them at once, down to three
 * quarters of its peak.
 */
public final class PeakLoop {
  /**
   * Independent sums: at most two multiply-adds begin per cycle and each takes four or five, so at
   * least ten; with the two factors they fit the 16 registers of AVX2.
   */
  static final int CHAINS = 12;

  /** Multiply-adds to each sum in a step. */
  public static final int UNROLLED = 4;

  static final float FACTOR = 0.999f;
  static final float ADDEND = 1e-6f;

  /** How a lane of 32 bits multiplies and adds. */
  public enum Form {
    /** One product of float32 ({@code vfmadd}). */
    FMA(2, Float.floatToRawIntBits(FACTOR), Float.floatToRawIntBits(ADDEND)),
    /** Two products of bfloat16, summed in float32 ({@code vdpbf16ps}). */
    BF16_PAIRS(4, 0x3f80_3f80, 0x3f80_3f80),
    /** Four products of bytes, summed in an int ({@code vpdpbusd}). */
    INT8_QUADS(8, 0x0101_0101, 0x0101_0101),
    /** Two products of 16-bit integers, summed in an int ({@code vpmaddwd}, {@code vpaddd}). */
    INT16_PAIRS(4, 0x0001_0001, 0x0001_0001);

    private final int operations;
    private final int first;
    private final int second;

    Form(int operations, int first, int second) {
      this.operations = operations;
      this.first = first;
      this.second = second;
    }

    /** Additions and multiplications of a lane in a step. */
    int operations() {
      return operations;
    }

    /** Whether a processor has it. */
    boolean isIn(InstructionSet set, Set<String> processorFlags) {
      return switch (this) {
        case FMA, INT16_PAIRS -> true;
        case INT8_QUADS -> Int8Form.of(set, processorFlags) == Int8Form.QUADS;
        case BF16_PAIRS -> set.hasBf16(processorFlags);
      };
    }

    private void write(Assembler out, Vector sum, Vector x, Vector y, Vector spare) {
      switch (this) {
        case FMA -> out.multiplyAdd(sum, x, y);
        case BF16_PAIRS -> out.addBf16Pairs(sum, x, y);
        case INT8_QUADS -> out.addQuads(sum, x, y);
        case INT16_PAIRS -> {
          out.multiplyPairs(spare, x, y);
          out.addInts(sum, sum, spare);
        }
      }
    }
  }

  /** Machine code is written and checked once, whatever it is then made of. */
  private static final class OfThisJvm {
    static final @Nullable InstructionSet SET =
        MachineCode.of(new ScalarLoops()).loops() instanceof MachineLoops loops
            ? loops.set()
            : null;
    static final Set<String> FLAGS = MachineCode.processorFlags();
  }

  private final Form form;
  private final InstructionSet set;
  private final MethodHandle function;

  private PeakLoop(InstructionSet set, Form form) {
    this.set = set;
    this.form = form;
    function = callable(CodeMemory.install(code(set, form)));
  }

  /** The loop, where machine code can be used and the processor has the instructions. */
  public static Optional<PeakLoop> of(Form form) {
    InstructionSet set = OfThisJvm.SET;
    return set != null && form.isIn(set, OfThisJvm.FLAGS)
        ? Optional.of(new PeakLoop(set, form))
        : Optional.empty();
  }

  @SuppressWarnings("restricted") // Only for the code below, with sums that are all there.
  private static MethodHandle callable(MemorySegment code) {
    return Linker.nativeLinker()
        .downcallHandle(
            code, FunctionDescriptor.ofVoid(JAVA_LONG, ADDRESS), Linker.Option.critical(true));
  }

  static byte[] code(InstructionSet set, Form form) {
    Assembler out = new Assembler(set);
    Vector x = new Vector(CHAINS);
    Vector y = new Vector(CHAINS + 1);
    out.load(x, new Constant(form.first));
    out.load(y, new Constant(form.second));
    for (int chain = 0; chain < CHAINS; chain++) {
      out.load(new Vector(chain), at(Register.RSI, chain * set.bytes()));
    }
    Label again = new Label();
    out.align(32);
    out.bind(again);
    for (int i = 0; i < UNROLLED * CHAINS; i++) {
      form.write(out, new Vector(i % CHAINS), x, y, new Vector(CHAINS + 2 + i % 2));
    }
    out.subtract(Register.RDI, 1);
    out.jumpIfNotZero(again);
    for (int chain = 0; chain < CHAINS; chain++) {
      out.store(at(Register.RSI, chain * set.bytes()), new Vector(chain));
    }
    out.leave();
    return out.finish();
  }

  /** What it is made of. */
  public String label() {
    return set.label();
  }

  /** Sums that a call goes on with; of integers, their bits. */
  public float[] newSums() {
    return new float[CHAINS * set.lanes()];
  }

  /** Additions and multiplications of a step. */
  public int operations() {
    return UNROLLED * CHAINS * set.lanes() * form.operations();
  }

  /**
   * Does so many steps, each {@value #UNROLLED} multiply-adds to every sum. Garbage collection
   * waits for it: some 50 microseconds at most, please.
   *
   * @param sums as {@link #newSums} made them; what the last call left
   * @throws IllegalArgumentException if there is no step to do, or the sums are too few
   */
  public void run(int steps, float[] sums) {
    if (steps < 1 || sums.length < CHAINS * set.lanes()) {
      throw new IllegalArgumentException(
          "%d steps on %d sums, expected at least 1 on %d"
              .formatted(steps, sums.length, CHAINS * set.lanes()));
    }
    try {
      function.invokeExact((long) steps, MemorySegment.ofArray(sums));
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e); // The code throws nothing.
    }
  }
}
