package io.github.tornadovit.kernels.tornado;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a program's standard output for the program. TornadoVM's native code prints there, and
 * nowhere else, what a driver refused: between lines of data, and unread. Here it prints into
 * memory, where its errors are found after each run, and the rest goes to standard error.
 *
 * <p>A program that owns its process, such as the command line, takes its whole output over.
 * Elsewhere only C++'s stream is led into memory, which TornadoVM's native code prints such errors
 * to and Java nothing: {@link System#out} stays as it is.
 */
public final class NativeOutput {
  /** How TornadoVM's native code begins what it says of a call that failed. */
  private static final String ERROR = "JNI] ERROR";

  private @Nullable FileChannel printed;
  private int memory = -1;
  private boolean taken;
  private PrintStream rest = new PrintStream(OutputStream.nullOutputStream());
  private long read;

  NativeOutput() {}

  /**
   * Takes standard output away from native code, where this JVM has a TornadoVM and may call native
   * functions.
   *
   * @param others gets what native code says that is no error
   * @return where the program's own output goes from now on
   */
  public synchronized OutputStream takeOver(PrintStream others) {
    if (!taken
        && TornadoProperties.hasRuntime()
        && !TornadoProperties.isEmulated()
        && NativeFunctions.allowed()) {
      try {
        int own = (int) function("dup", JAVA_INT).invokeExact(1);
        if (own >= 0 && (int) function("dup2", JAVA_INT, JAVA_INT).invokeExact(memory(), 1) == 1) {
          taken = true;
          rest = others;
          return new Descriptor(own);
        }
      } catch (Throwable unavailable) { // MethodHandle.invokeExact declares it.
        // As it was: data and native lines share the output.
      }
    }
    return new FileOutputStream(FileDescriptor.out);
  }

  /** Whether standard output was taken away from native code. */
  public synchronized boolean isTaken() {
    return taken;
  }

  /**
   * Reads what C++ prints from now on, if nobody took the output over and this JVM may call native
   * functions. Before TornadoVM starts.
   */
  synchronized void listen() {
    if (printed == null && NativeFunctions.allowed()) {
      try {
        CxxOutput.redirect(memory());
        rest = System.err;
      } catch (Throwable unavailable) { // MethodHandle.invokeExact declares it.
        // As it was: errors are printed and not read.
      }
    }
  }

  /** The descriptor of a file in memory that is read from here on. */
  private int memory() throws Throwable {
    if (printed == null) {
      try (Arena arena = Arena.ofConfined()) {
        memory =
            (int)
                function("memfd_create", ADDRESS, JAVA_INT)
                    .invokeExact(arena.allocateFrom("tornado-vit"), 0);
        printed = FileChannel.open(Path.of("/proc/self/fd/" + memory));
      }
    }
    return memory;
  }

  /** The first error that native code has printed since the last call, or null. */
  synchronized @Nullable String error() {
    String first = null;
    for (String line : news().lines().toList()) {
      if (line.contains(ERROR) && first == null) {
        first = line.strip();
      } else if (!line.isBlank()) {
        rest.println(line);
      }
    }
    return first;
  }

  /** Passes on to standard error what native code has printed since. */
  public synchronized void finish() {
    news().lines().filter(line -> !line.isBlank()).forEach(rest::println);
  }

  private String news() {
    FileChannel channel = printed;
    if (channel == null) {
      return "";
    }
    try {
      ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(channel.size() - read));
      read += Math.max(0, channel.read(bytes, read));
      return new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8);
    } catch (IOException unreadable) {
      return "";
    }
  }

  private static MethodHandle function(String name, MemoryLayout... parameters) {
    return NativeFunctions.ofC(name, FunctionDescriptor.of(JAVA_INT, parameters));
  }

  /** Writes to a descriptor that Java has no object for. */
  private static final class Descriptor extends OutputStream {
    /** {@code EPIPE}. */
    private static final int BROKEN_PIPE = 32;

    private final int descriptor;
    private final MethodHandle write;

    Descriptor(int descriptor) {
      this.descriptor = descriptor;
      write =
          NativeFunctions.ofC(
              "write",
              FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG),
              Linker.Option.captureCallState("errno"));
    }

    @Override
    public void write(int value) throws IOException {
      write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment errno = arena.allocate(Linker.Option.captureStateLayout());
        MemorySegment copy = arena.allocate(Math.max(1, length));
        MemorySegment.copy(bytes, offset, copy, JAVA_BYTE, 0, length);
        long done = 0;
        while (done < length) {
          long written =
              (long) write.invokeExact(errno, descriptor, copy.asSlice(done), (long) length - done);
          if (written <= 0) {
            throw new IOException(
                errno.get(JAVA_INT, 0) == BROKEN_PIPE
                    ? "Broken pipe"
                    : "error " + errno.get(JAVA_INT, 0));
          }
          done += written;
        }
      } catch (IOException failure) {
        throw failure;
      } catch (Throwable failure) { // MethodHandle.invokeExact declares it.
        throw new IOException(failure);
      }
    }
  }
}
