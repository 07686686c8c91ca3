package io.github.tornadovit.kernels.vector;

import io.github.tornadovit.kernels.cpu.InnerLoops;
import io.github.tornadovit.kernels.cpu.ScalarLoops;
import io.github.tornadovit.kernels.machinecode.MachineCode;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.atomic.AtomicBoolean;

/** Chooses the inner loops of this JVM. Names no vector type, so it loads everywhere. */
public final class LoopsChoice {
  /**
   * System property that forces the vector length in bits: 128, 256 or 512, or 0 for the scalar
   * loops. Without it, the length that the JVM prefers on this machine. Read once.
   */
  public static final String PROPERTY = "tornadovit.vectorBits";

  private static final String MODULE = "jdk.incubator.vector";
  private static final AtomicBoolean WARNED = new AtomicBoolean();

  private LoopsChoice() {}

  /**
   * The fastest loops that this JVM can use: machine code; else vectors; else, with one warning if
   * only the module is missing, scalar ones. The property leaves machine code out.
   *
   * @throws IllegalArgumentException if the property has another value than those above
   */
  public static InnerLoops choose() {
    String bits = System.getProperty(PROPERTY, "");
    if (!bits.matches("|0|128|256|512")) {
      throw new IllegalArgumentException(
          "system property %s is '%s', expected 0, 128, 256 or 512".formatted(PROPERTY, bits));
    }
    if (bits.equals("0")) {
      return new ScalarLoops();
    }
    boolean vectors = hasVectors();
    String noMachineCode = "";
    if (bits.isEmpty()) {
      MachineCode machine = OfThisJvm.MACHINE_CODE;
      if (machine.loops() != null) {
        return machine.loops();
      }
      noMachineCode = machine.reason();
    }
    if (!vectors) {
      warnOnce();
      return new ScalarLoops();
    }
    return VectorWidth.BITS >= VectorWidth.SMALLEST
        ? new VectorLoops(noMachineCode)
        : new ScalarLoops();
  }

  /** Written and tried once, when the first backend asks. */
  private static final class OfThisJvm {
    static final MachineCode MACHINE_CODE =
        MachineCode.of(hasVectors() ? new VectorLoops("") : new ScalarLoops());
  }

  private static boolean hasVectors() {
    return ModuleLayer.boot().findModule(MODULE).isPresent();
  }

  private static void warnOnce() {
    if (WARNED.compareAndSet(false, true)) {
      Logger logger = System.getLogger(LoopsChoice.class.getName());
      logger.log(
          Level.WARNING,
          "The CPU backend runs without vectors and several times slower; start Java with --add-modules "
              + MODULE);
    }
  }
}
