package io.github.tornadovit.kernels.tornado;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** Functions of native libraries, where this JVM may call them. */
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
      return of(
          SymbolLookup.libraryLookup(library, Arena.global()),
          name,
          FunctionDescriptor.of(JAVA_INT, parameters));
    } catch (IllegalArgumentException | NoSuchElementException missing) {
      return null;
    }
  }

  /**
   * A function of the C library.
   *
   * @throws NoSuchElementException if it has none of that name
   */
  static MethodHandle ofC(String name, FunctionDescriptor type, Linker.Option... options) {
    return of(Linker.nativeLinker().defaultLookup(), name, type, options);
  }

  /**
   * A function of a library.
   *
   * @throws NoSuchElementException if it has none of that name
   */
  @SuppressWarnings("restricted")
  static MethodHandle of(
      SymbolLookup library, String name, FunctionDescriptor type, Linker.Option... options) {
    return Linker.nativeLinker().downcallHandle(library.findOrThrow(name), type, options);
  }
}
