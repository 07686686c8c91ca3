package io.github.tornadovit.kernels.tornado;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tornadovit.kernels.backend.BackendException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is said of failures of TornadoVM. */
class DeviceThreadTest {
  /** Another line of TornadoVM lacks a class or a method. */
  @ParameterizedTest
  @ValueSource(classes = {NoClassDefFoundError.class, NoSuchMethodError.class})
  void ofAnotherLineTheVersionIsNamed(Class<? extends LinkageError> failure) throws Exception {
    LinkageError missing =
        failure.getConstructor(String.class).newInstance("TornadoFunctions$Task16");
    assertThatThrownBy(
            () ->
                TornadoVm.ofThisJvm()
                    .thread()
                    .call(
                        () -> {
                          throw missing;
                        }))
        .isInstanceOf(BackendException.class)
        .hasMessageContaining(TornadoRelease.otherApi(DeviceThread.summary(missing)).toString())
        .hasCause(missing);
  }
}
