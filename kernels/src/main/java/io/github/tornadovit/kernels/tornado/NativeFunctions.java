package io.github.tornadovit.kernels.tornado;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;

/** Functions of the drivers' libraries, where this JVM may call them. */
final class NativeFunctions {
  private NativeFunctions() {}

  /** Whether to try: the libraries have other names on other systems than Linux. */
  static boolean allowed() {
    return System.getProperty("os.name").equals("Linux")
        && NativeFunctions.class.getModule().isNativeAccessEnabled()
        && !TornadoProperties.areDevicesVirtual();
  }

  /**
   * A C function that returns an int, or null if the library or the function is missing. The
   * library stays loaded, as TornadoVM will need it.
   */
  @SuppressWarnings("restricted")
  static @Nullable MethodHandle find(String library, String name, MemoryLayout... parameters) {
    try {
      return SymbolLookup.libraryLookup(library, Arena.global())
          .find(name)
          .map(
              address ->
                  Linker.nativeLinker()
                      .downcallHandle(address, FunctionDescriptor.of(JAVA_INT, parameters)))
          .orElse(null);
    } catch (IllegalArgumentException missing) {
      return null;
    }
  }
}
