package io.github.tornadovit.hub;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A lock of flock(2), the one that Python's file locks take on Linux and macOS. {@link
 * java.nio.channels.FileLock} is a lock of fcntl(2) there, and neither sees the other.
 */
final class Flock implements AutoCloseable {
  private static final int READ_ONLY = 0;
  private static final int EXCLUSIVE_NOW = 2 | 4; // LOCK_EX | LOCK_NB
  private static final int WOULD_BLOCK_LINUX = 11;
  private static final int WOULD_BLOCK_MAC = 35;

  /** The functions of the C library, looked up once, when the first lock is taken. */
  private static final class Library {
    static final StructLayout STATE = Linker.Option.captureStateLayout();
    static final long ERRNO = STATE.byteOffset(MemoryLayout.PathElement.groupElement("errno"));
    static final MethodHandle OPEN =
        handle(
            "open",
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT),
            Linker.Option.firstVariadicArg(2));
    static final MethodHandle FLOCK =
        handle(
            "flock",
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT),
            Linker.Option.captureCallState("errno"));
    static final MethodHandle CLOSE =
        handle("close", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));

    @SuppressWarnings("restricted") // Called only if isUsable().
    private static MethodHandle handle(
        String name, FunctionDescriptor type, Linker.Option... options) {
      Linker linker = Linker.nativeLinker();
      return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), type, options);
    }
  }

  private final int descriptor;

  private Flock(int descriptor) {
    this.descriptor = descriptor;
  }

  /** Whether this system has flock and the JVM may call it without a warning. */
  static boolean isUsable() {
    String system = System.getProperty("os.name", "");
    return (system.equals("Linux") || system.startsWith("Mac"))
        && Flock.class.getModule().isNativeAccessEnabled();
  }

  /**
   * Locks a file that exists.
   *
   * @return null if another holds the lock
   * @throws IOException if this file cannot be locked so
   */
  static @Nullable Flock tryLock(Path file) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      int descriptor =
          (int) Library.OPEN.invokeExact(arena.allocateFrom(file.toString()), READ_ONLY);
      if (descriptor < 0) {
        throw new IOException(file + ": cannot be opened for flock");
      }
      MemorySegment state = arena.allocate(Library.STATE);
      if ((int) Library.FLOCK.invokeExact(state, descriptor, EXCLUSIVE_NOW) == 0) {
        return new Flock(descriptor);
      }
      int error = state.get(ValueLayout.JAVA_INT, Library.ERRNO);
      new Flock(descriptor).close();
      if (error == WOULD_BLOCK_LINUX || error == WOULD_BLOCK_MAC) {
        return null;
      }
      throw new IOException("%s: flock fails with error %d".formatted(file, error));
    } catch (IOException | RuntimeException | Error failure) {
      throw failure;
    } catch (Throwable impossible) {
      throw new IllegalStateException(impossible); // The C library throws nothing.
    }
  }

  /** Releases the lock; closing the file does. */
  @Override
  public void close() {
    try {
      int _ = (int) Library.CLOSE.invokeExact(descriptor);
    } catch (RuntimeException | Error failure) {
      throw failure;
    } catch (Throwable impossible) {
      throw new IllegalStateException(impossible); // The C library throws nothing.
    }
  }
}
