package io.github.tornadovit.kernels.machinecode;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Memory for code, on Linux. Written first and made executable then, never both at once; it stays
 * as long as the JVM.
 */
@SuppressWarnings("restricted") // Calls the system; the class comment says with what.
final class CodeMemory {
  private static final int READ = 1;
  private static final int WRITE = 2;
  private static final int EXECUTE = 4;
  private static final int PRIVATE_ANONYMOUS = 0x22;
  private static final long FAILED = -1;

  private static final Map<List<Object>, MemorySegment> INSTALLED = new HashMap<>();

  private CodeMemory() {}

  /**
   * The functions where they can be called: copied once per JVM.
   *
   * @throws UnsupportedOperationException if the system refuses, as hardened ones do
   */
  static MemorySegment holding(Routines routines) {
    synchronized (INSTALLED) {
      return INSTALLED.computeIfAbsent(
          List.of(routines.set(), routines.int8()), key -> install(routines.code()));
    }
  }

  /** As {@link #holding}, other code, each time anew. */
  static MemorySegment install(byte[] code) {
    MethodHandle map =
        function(
            "mmap",
            FunctionDescriptor.of(
                ADDRESS, ADDRESS, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG));
    MethodHandle protect =
        function("mprotect", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));
    MethodHandle unmap = function("munmap", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG));
    long size = code.length;
    try {
      MemorySegment memory =
          (MemorySegment)
              map.invokeExact(MemorySegment.NULL, size, READ | WRITE, PRIVATE_ANONYMOUS, -1, 0L);
      if (memory.address() == FAILED) {
        throw new UnsupportedOperationException("the system gives no memory (mmap)");
      }
      memory = memory.reinterpret(size);
      MemorySegment.copy(code, 0, memory, JAVA_BYTE, 0, code.length);
      int result = (int) protect.invokeExact(memory, size, READ | EXECUTE);
      if (result != 0) {
        int ignored = (int) unmap.invokeExact(memory, size);
        throw new UnsupportedOperationException(
            "the system does not let memory be made executable (mprotect)");
      }
      return memory;
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * A function of the system's C library.
   *
   * @throws UnsupportedOperationException if it has none of the name
   */
  static MethodHandle function(String name, FunctionDescriptor type, Linker.Option... options) {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(
        linker
            .defaultLookup()
            .find(name)
            .orElseThrow(() -> new UnsupportedOperationException("no function " + name)),
        type,
        options);
  }
}
