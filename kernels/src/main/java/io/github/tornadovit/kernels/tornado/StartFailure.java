package io.github.tornadovit.kernels.tornado;

import io.github.tornadovit.kernels.backend.Unusable;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Says in plain words why TornadoVM did not or will not start. It starts all back ends of an SDK
 * or, if one of them fails, none; so a back end without a driver is in the way of the others.
 */
final class StartFailure {
  private static final String FLAGS_REMEDY =
      "start java with all the flags that .mvn/tornado-flags.sh prints";

  /** The first CUDA whose drivers take PTX 7.6. */
  private static final int PTX_7_6 = 11_060;

  /** As the dynamic linker names a library that it misses: {@code libcuda.so.1: cannot open …}. */
  private static final Pattern NVIDIA_LIBRARY = Pattern.compile("(lib(?:cuda|nv)[^/: ]*): ");

  /** The back ends of the SDK in use. */
  private final List<TornadoDriver> backends;

  /**
   * Explains failures of an SDK.
   *
   * @param backends of the SDK
   */
  StartFailure(List<TornadoDriver> backends) {
    this.backends = List.copyOf(backends);
  }

  /** There is no OpenCL platform, or none with a device. */
  Unusable noOpenClDevice(String problem) {
    return new Unusable(
        problem,
        "install the OpenCL driver of your GPU (Debian: nvidia-opencl-icd, intel-opencl-icd or"
            + " mesa-opencl-icd) or, for the CPU, pocl-opencl-icd"
            + orLeaveOut(driver -> driver == TornadoDriver.OPENCL));
  }

  /** NVIDIA's driver is there and has no device. */
  Unusable noCudaDevice(String problem) {
    return new Unusable(
        problem, "look at what nvidia-smi says" + orLeaveOut(TornadoDriver::isNvidia));
  }

  /**
   * NVIDIA's driver cannot read the PTX that TornadoVM writes.
   *
   * @param version of CUDA that the driver is for, 1000 times the major and 10 times the minor
   * @return null if it can
   */
  @Nullable Unusable oldCuda(int version) {
    return version >= PTX_7_6
        ? null
        : new Unusable(
            "NVIDIA's driver is for CUDA %d.%d; TornadoVM's PTX needs one for CUDA 11.6 or newer"
                .formatted(version / 1000, version % 1000 / 10),
            "update the driver" + orLeaveOut(driver -> driver == TornadoDriver.PTX));
  }

  /**
   * The exception of starting TornadoVM in plain words: the first link of the chain that is known.
   *
   * @param failure with its causes
   */
  Unusable explain(Throwable failure) {
    Throwable last = failure;
    for (Throwable link = failure; link != null; link = link.getCause()) {
      Unusable known = known(link);
      if (known != null) {
        return known;
      }
      last = link;
    }
    return new Unusable(
        "TornadoVM does not start: " + text(last), "check the SDK that TORNADOVM_HOME names");
  }

  private @Nullable Unusable known(Throwable link) {
    String text = text(link);
    if (text.contains("No OpenCL platforms")) {
      return noOpenClDevice("TornadoVM finds no OpenCL platform");
    }
    if (text.contains("No PTX devices") || text.contains("No CUDA devices")) {
      return noCudaDevice("TornadoVM finds no NVIDIA GPU");
    }
    if (text.contains("OpenCL JNI Library")) {
      return new Unusable(
          "TornadoVM's OpenCL library cannot be loaded",
          "install libOpenCL.so.1 (Debian: ocl-icd-libopencl1) and start java with"
              + " -Djava.library.path naming the SDK's lib folder"
              + orLeaveOut(driver -> driver == TornadoDriver.OPENCL));
    }
    if (text.contains("JVMCI is not enabled")) {
      return new Unusable("the JVM's compiler interface (JVMCI) is off", FLAGS_REMEDY);
    }
    return switch (link) {
      case UnsatisfiedLinkError _ -> unlinked(text);
      case ClassNotFoundException _, NoClassDefFoundError _ ->
          new Unusable("TornadoVM's flags are set and its modules are missing", FLAGS_REMEDY);
      case UnsupportedClassVersionError _ ->
          new Unusable(
              "the TornadoVM SDK is for another JDK than this one: " + text,
              "install one for JDK 25, or for 22 and later (jdk25 or jdk22plus in its name)");
      case IncompatibleClassChangeError _ -> TornadoRelease.otherApi(text);
      default -> null;
    };
  }

  private Unusable unlinked(String text) {
    Matcher nvidia = NVIDIA_LIBRARY.matcher(text);
    return nvidia.find()
        ? new Unusable(
            "NVIDIA's driver is missing (its library %s)".formatted(nvidia.group(1)),
            "install it (Debian: nvidia-driver)" + orLeaveOut(TornadoDriver::isNvidia))
        : new Unusable("a library of TornadoVM cannot be loaded: " + text, FLAGS_REMEDY);
  }

  /** The way out for an SDK with other back ends than those that fail. */
  private String orLeaveOut(Predicate<TornadoDriver> failing) {
    List<String> others =
        backends.stream().filter(failing.negate()).map(TornadoDriver::label).toList();
    return others.isEmpty()
        ? ""
        : ", or start the tornado-vit launcher with TORNADOVM_BACKENDS=" + String.join(",", others);
  }

  /** The message, or the kind of a failure without one, as one line without colours. */
  private static String text(Throwable link) {
    String message = link.getMessage();
    return (message == null ? link.getClass().getName() : message)
        .replaceAll("\u001b\\[[0-9;]*m", "")
        .replaceAll("\\s+", " ")
        .strip();
  }
}
