package io.github.tornadovit.kernels.tornado;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;

/**
 * C++'s standard output, {@code std::cout}, of GNU's library. TornadoVM's native code says there,
 * and nowhere else, what a driver refused. Neither the JVM nor Java writes to it.
 */
final class CxxOutput {
  private static final String LIBRARY = "libstdc++.so.6";

  /** {@code __gnu_cxx::stdio_sync_filebuf<char>::stdio_sync_filebuf(FILE*)}. */
  private static final String NEW_BUFFER =
      "_ZN9__gnu_cxx18stdio_sync_filebufIcSt11char_traitsIcEEC1EP8_IO_FILE";

  /** More than any such buffer has. */
  private static final long BUFFER_BYTES = 1024;

  /** {@code std::basic_ios<char>::rdbuf(std::basic_streambuf<char>*)}. */
  private static final String SET_BUFFER =
      "_ZNSt9basic_iosIcSt11char_traitsIcEE5rdbufEPSt15basic_streambufIcS1_E";

  /** {@code std::ios_base::Init::Init()}: the first call makes the streams, others do nothing. */
  private static final String INITIALIZE = "_ZNSt8ios_base4InitC1Ev";

  private static final String STREAM = "_ZSt4cout";

  private CxxOutput() {}

  /**
   * Leads it to a descriptor, until the process ends.
   *
   * @throws Throwable if this process has no such library, or another version of it
   */
  @SuppressWarnings("restricted")
  static void redirect(int descriptor) throws Throwable {
    Arena forever = Arena.global();
    SymbolLookup library = SymbolLookup.libraryLookup(LIBRARY, forever);
    MethodHandle open =
        NativeFunctions.ofC("fdopen", FunctionDescriptor.of(ADDRESS, JAVA_INT, ADDRESS));
    MethodHandle initialize =
        NativeFunctions.of(library, INITIALIZE, FunctionDescriptor.ofVoid(ADDRESS));
    MethodHandle newBuffer =
        NativeFunctions.of(library, NEW_BUFFER, FunctionDescriptor.ofVoid(ADDRESS, ADDRESS));
    MethodHandle setBuffer =
        NativeFunctions.of(library, SET_BUFFER, FunctionDescriptor.of(ADDRESS, ADDRESS, ADDRESS));
    MemorySegment stream = library.findOrThrow(STREAM);
    MemorySegment file = (MemorySegment) open.invokeExact(descriptor, forever.allocateFrom("w"));
    if (file.equals(MemorySegment.NULL)) {
      throw new IllegalArgumentException("no descriptor: " + descriptor);
    }
    initialize.invokeExact(forever.allocate(JAVA_LONG));
    MemorySegment buffer = forever.allocate(BUFFER_BYTES, Long.BYTES * 2);
    newBuffer.invokeExact(buffer, file);
    MemorySegment before = (MemorySegment) setBuffer.invokeExact(ios(stream), buffer);
    assert !before.equals(MemorySegment.NULL);
  }

  /** The virtual base of a stream; where it is stands before the table of virtual functions. */
  @SuppressWarnings("restricted")
  private static MemorySegment ios(MemorySegment stream) {
    long table = stream.reinterpret(ADDRESS.byteSize()).get(ADDRESS, 0).address();
    long entry = table - 3 * JAVA_LONG.byteSize();
    long offset = MemorySegment.ofAddress(entry).reinterpret(Long.BYTES).get(JAVA_LONG, 0);
    return MemorySegment.ofAddress(stream.address() + offset);
  }
}
