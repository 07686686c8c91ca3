package io.github.tornadovit.kernels.tornado;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What TornadoVM 5.2.0 throws when it does not start, in plain words. */
class StartFailureTest {
  static Stream<Arguments> failures() {
    return Stream.of(
        Arguments.of(
            new IllegalStateException(
                "\u001b[31m[WARNING] No OpenCL platforms found. Deoptimizing.\u001b[0m"),
            "finds no OpenCL platform; install the OpenCL driver",
            "pocl-opencl-icd, or start the tornado-vit launcher with TORNADOVM_BACKENDS=ptx"),
        Arguments.of(
            new IllegalStateException("[WARNING] No PTX devices found. Deoptimizing."),
            "TornadoVM finds no NVIDIA GPU; look at what nvidia-smi says",
            ", or start the tornado-vit launcher with TORNADOVM_BACKENDS=opencl"),
        Arguments.of(
            new UnsatisfiedLinkError(
                "/sdk/libcuda/libtornado-ptx.so: libcuda.so.1: cannot open shared object file"),
            "NVIDIA's driver is missing (its library libcuda.so.1); install it",
            "TORNADOVM_BACKENDS=opencl"),
        Arguments.of(
            new UnsatisfiedLinkError("no tornado-ptx in java.library.path: /nowhere"),
            "cannot be loaded: no tornado-ptx in java.library.path: /nowhere; start java with",
            ".mvn/tornado-flags.sh prints"),
        Arguments.of(
            new IllegalStateException("[ERROR] OpenCL JNI Library not found"),
            "OpenCL library cannot be loaded; install libOpenCL.so.1",
            "TORNADOVM_BACKENDS=ptx"),
        Arguments.of(
            new InternalError("JVMCI is not enabled. Must specify '-XX:+EnableJVMCI'"),
            "(JVMCI) is off; start java with all the flags",
            ".mvn/tornado-flags.sh prints"),
        Arguments.of(
            new ClassNotFoundException("uk.ac.manchester.tornado.runtime.TornadoCoreRuntime"),
            "TornadoVM's flags are set and its modules are missing; start java",
            ".mvn/tornado-flags.sh prints"),
        Arguments.of(
            new IllegalStateException("\u001b[31mno such\n  thing\u001b[0m"),
            "TornadoVM does not start: no such thing; check the SDK",
            "TORNADOVM_HOME names"),
        Arguments.of(
            new IllegalStateException(),
            "TornadoVM does not start: java.lang.IllegalStateException; check the SDK",
            "TORNADOVM_HOME names"));
  }

  @ParameterizedTest
  @MethodSource("failures")
  void saysWhatIsMissingAndWhatToDo(Throwable cause, String expected, String end) {
    Throwable failure = new ExceptionInInitializerError(new RuntimeException(cause));
    assertThat(
            new StartFailure(List.of(TornadoDriver.PTX, TornadoDriver.OPENCL))
                .explain(failure)
                .toString())
        .contains(expected)
        .endsWith(end);
  }

  @ParameterizedTest
  @MethodSource("failures")
  void offersNoOtherBackEndWhereThereIsNone(Throwable cause, String expected, String end) {
    assertThat(new StartFailure(List.of()).explain(cause).toString())
        .contains(expected)
        .doesNotContain("TORNADOVM_BACKENDS");
  }
}
