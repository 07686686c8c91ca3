package io.github.tornadovit.kernels.backend;

/**
 * The device that executes a program.
 *
 * @param backend {@code reference}, {@code cpu} or {@code tornado}
 * @param name the device as a person would name it, for example {@code AVX2 x 2 threads}
 */
public record DeviceInfo(String backend, String name) {
  @Override
  public String toString() {
    return backend + " (" + name + ")";
  }
}
