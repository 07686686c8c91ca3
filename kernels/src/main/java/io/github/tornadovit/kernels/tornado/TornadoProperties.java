package io.github.tornadovit.kernels.tornado;

import io.github.tornadovit.kernels.backend.Unusable;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The system properties that the TornadoVM of this JVM is set up by, its own and the launcher's.
 * TornadoVM reads its own when it starts: what is set later it does not see.
 */
final class TornadoProperties {
  /** Set by the flags that an SDK needs; absent, there is no runtime in this JVM. */
  private static final String RUNTIME = "tornado.load.runtime.implementation";

  /** The value of {@link #RUNTIME} where the emulator stands in for TornadoVM. */
  private static final String EMULATOR = "emulator";

  /** Set by the launcher to what is wrong with the SDK that the environment names. */
  private static final String SDK_PROBLEM = "tornadovit.sdkProblem";

  /**
   * Unless false, TornadoVM answers a failed compilation by running the kernel as one Java thread.
   */
  private static final String FALLBACK = "tornado.recover.bailout";

  /**
   * TornadoVM's own limit for all plans of a JVM on a device: bytes, or a number with KB, MB, GB or
   * TB.
   */
  private static final String MEMORY = "tornado.device.memory";

  private static final Pattern SIZE = Pattern.compile("(\\d{1,12})(?:([KMGT])?B)?");

  /** Whether TornadoVM prints the sources that it generates, and the file that it appends to. */
  private static final String PRINT_KERNELS = "tornado.printKernel";

  private static final String KERNEL_FILE = "tornado.print.kernel.dir";

  /** Makes up devices, without any driver. */
  private static final String VIRTUAL_DEVICE = "tornado.virtual.device";

  /** Whether NVIDIA's driver keeps launches as graphs and replays them, ours; so unless false. */
  static final String CUDA_GRAPHS = "tornadovit.cudaGraphs";

  private TornadoProperties() {}

  /** Whether launches may be captured as CUDA graphs. */
  static boolean mayReplay() {
    return !"false".equalsIgnoreCase(System.getProperty(CUDA_GRAPHS));
  }

  /** Whether this JVM was started with TornadoVM, or with its emulator. */
  static boolean hasRuntime() {
    return System.getProperty(RUNTIME) != null;
  }

  /** Whether the emulator stands in for TornadoVM. */
  static boolean isEmulated() {
    return EMULATOR.equals(System.getProperty(RUNTIME));
  }

  /** Whether TornadoVM asks no driver for its devices. */
  static boolean areDevicesVirtual() {
    return Boolean.getBoolean(VIRTUAL_DEVICE);
  }

  /** The problem that the launcher found with the SDK that it was told to use, or null. */
  static @Nullable String sdkProblem() {
    return System.getProperty(SDK_PROBLEM);
  }

  /** Why TornadoVM would hide a kernel that does not compile, or null if it would not. */
  static @Nullable Unusable wrongFallback() {
    return wrongFallback(System.getProperty(FALLBACK));
  }

  /**
   * As {@link #wrongFallback()}.
   *
   * @param value of the property, or null if it is not set
   */
  static @Nullable Unusable wrongFallback(@Nullable String value) {
    String is = value == null ? "is not set" : "is '" + value + "'";
    return "false".equalsIgnoreCase(value)
        ? null
        : new Unusable(
            "%s %s, expected False: TornadoVM would run a kernel that does not compile as one Java"
                    .formatted(FALLBACK, is)
                + " thread, and give wrong numbers",
            "start java with -D" + FALLBACK + "=False");
  }

  /**
   * Lifts TornadoVM's limit of 4 GB unless the user has set one: what the device has is the limit
   * here.
   */
  static void liftMemoryLimit() {
    if (System.getProperty(MEMORY) == null) {
      System.setProperty(MEMORY, "1000TB");
    }
  }

  /** Why TornadoVM would not start with the limit that is set, or null if it would. */
  static @Nullable Unusable wrongMemoryLimit() {
    String limit = System.getProperty(MEMORY, "4GB");
    return SIZE.matcher(limit).matches()
        ? null
        : new Unusable(
            "%s is '%s', expected bytes, or a number with KB, MB, GB or TB"
                .formatted(MEMORY, limit),
            "start java with -D" + MEMORY + "=8GB, or without it");
  }

  /** TornadoVM's limit in bytes; its default where it does not say. */
  static long memoryLimit() {
    Matcher size = SIZE.matcher(System.getProperty(MEMORY, "4GB"));
    if (!size.matches()) {
      return Long.MAX_VALUE; // TornadoVM refuses it
    }
    int power = size.group(2) == null ? 0 : "KMGT".indexOf(size.group(2)) + 1;
    return Long.parseLong(size.group(1)) << (10 * power);
  }

  /** Asks TornadoVM to append every source that it generates to a file. */
  static void keepKernels(Path file) {
    System.setProperty(PRINT_KERNELS, "True");
    System.setProperty(KERNEL_FILE, file.toString());
  }

  /** The file with the sources, or null if TornadoVM was not asked to keep them. */
  static @Nullable Path kernelFile() {
    String file = System.getProperty(KERNEL_FILE);
    return file == null || !Boolean.getBoolean(PRINT_KERNELS) ? null : Path.of(file);
  }

  /** The flags that ask for sources. */
  static String kernelFlags() {
    return "-D" + PRINT_KERNELS + "=True -D" + KERNEL_FILE + "=FILE";
  }
}
