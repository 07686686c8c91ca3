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

/**
 * Multiply-adds on registers and nothing else: a yardstick for products, the same instructions
 * whatever a compiler makes of a loop in Java.
 *
 * <p>As a C function: {@code void peak(long steps, float *sums)}. Math, for {@value #CHAINS}
 * vectors of sums: {@code sum = fma(FACTOR, ADDEND, sum)}, {@code steps} times.
 */
public final class PeakLoop {
  /**
   * Independent sums: at most two multiply-adds begin per cycle and each takes four or five, so at
   * least ten; with the two factors they fit the 16 registers of AVX2.
   */
  static final int CHAINS = 12;

  static final float FACTOR = 0.999f;
  static final float ADDEND = 1e-6f;

  private static final class OfThisJvm {
    static final Optional<PeakLoop> LOOP = find();

    private static Optional<PeakLoop> find() {
      return MachineCode.of(new ScalarLoops()).loops() instanceof MachineLoops loops
          ? Optional.of(new PeakLoop(loops.set()))
          : Optional.empty();
    }
  }

  private final InstructionSet set;
  private final MethodHandle function;

  private PeakLoop(InstructionSet set) {
    this.set = set;
    function = callable(CodeMemory.install(code(set)));
  }

  /** The loop, where machine code can be used. */
  public static Optional<PeakLoop> ofThisMachine() {
    return OfThisJvm.LOOP;
  }

  @SuppressWarnings("restricted") // Only for the code below, with sums that are all there.
  private static MethodHandle callable(MemorySegment code) {
    return Linker.nativeLinker()
        .downcallHandle(
            code, FunctionDescriptor.ofVoid(JAVA_LONG, ADDRESS), Linker.Option.critical(true));
  }

  static byte[] code(InstructionSet set) {
    Assembler out = new Assembler(set);
    Vector factor = new Vector(CHAINS);
    Vector addend = new Vector(CHAINS + 1);
    out.load(factor, Constant.of(FACTOR));
    out.load(addend, Constant.of(ADDEND));
    for (int chain = 0; chain < CHAINS; chain++) {
      out.load(new Vector(chain), at(Register.RSI, chain * set.bytes()));
    }
    Label again = new Label();
    out.align(32);
    out.bind(again);
    for (int chain = 0; chain < CHAINS; chain++) {
      out.multiplyAdd(new Vector(chain), factor, addend);
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

  /** Sums that a call goes on with. */
  public float[] newSums() {
    return new float[CHAINS * set.lanes()];
  }

  /**
   * Does so many steps, each a multiply-add to every sum. Garbage collection waits for it: some 50
   * microseconds at most, please.
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
