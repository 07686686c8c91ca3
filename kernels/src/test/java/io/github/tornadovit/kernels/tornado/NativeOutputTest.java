package io.github.tornadovit.kernels.tornado;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import org.junit.jupiter.api.Test;

/** What C++ prints in a process whose standard output nobody took over. */
class NativeOutputTest {
  private static final String LIBRARY = "libstdc++.so.6";

  @Test
  @SuppressWarnings("restricted")
  void anErrorThatNativeCodePrintsIsReadAndIsNotPrinted() throws Throwable {
    assumeTrue(NativeFunctions.allowed(), "no native access here, or no Linux");
    SymbolLookup library;
    try {
      library = SymbolLookup.libraryLookup(LIBRARY, Arena.global());
    } catch (IllegalArgumentException missing) {
      assumeTrue(false, "there is no " + LIBRARY);
      return;
    }
    NativeOutput output = new NativeOutput();
    output.listen();
    assertThat(output.isTaken()).isFalse();
    assertThat(output.error()).isNull();
    print(library, "[TornadoVM-OCL-JNI] ERROR : clEnqueueWriteBuffer -> Returned: -5\nmore\n");
    assertThat(output.error())
        .contains("clEnqueueWriteBuffer -> Returned: -5")
        .doesNotContain("more");
    assertThat(output.error()).as("once").isNull();
    print(library, "[TornadoVM-PTX-JNI] ERROR : cuEventRecord -> Returned: 400\n");
    output.finish();
    assertThat(output.error()).as("it belonged to another plan").isNull();
  }

  /** {@code std::cout.write(text, length).flush()}, as TornadoVM's native code prints. */
  @SuppressWarnings("restricted")
  private static void print(SymbolLookup library, String text) throws Throwable {
    MemorySegment stream = library.findOrThrow("_ZSt4cout");
    Linker linker = Linker.nativeLinker();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment written =
          (MemorySegment)
              linker
                  .downcallHandle(
                      library.findOrThrow("_ZNSo5writeEPKcl"),
                      FunctionDescriptor.of(ADDRESS, ADDRESS, ADDRESS, JAVA_LONG))
                  .invokeExact(stream, arena.allocateFrom(text), (long) text.length());
      MemorySegment flushed =
          (MemorySegment)
              linker
                  .downcallHandle(
                      library.findOrThrow("_ZNSo5flushEv"), FunctionDescriptor.of(ADDRESS, ADDRESS))
                  .invokeExact(stream);
      assertThat(flushed).isEqualTo(written);
    }
  }
}
