package io.github.tornadovit.engine.faults;

import io.github.tornadovit.engine.faults.IoFaults.Kind;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** An open file of a {@link FaultyFileSystem}. Closing never fails, as on Linux. */
final class FaultyChannel extends FileChannel {
  private final FileChannel real;
  private final Path file;
  private final IoFaults faults;

  /** Whether the file has been cut short where it was being read. */
  private boolean cut;

  FaultyChannel(FileChannel real, Path file, IoFaults faults) {
    this.real = real;
    this.file = file;
    this.faults = faults;
  }

  /**
   * At its turn: the end of the file where it is cut short, which it then stays, else a failure.
   * Where the file ends anyway nothing is cut off.
   */
  private boolean isAtEnd(long position) throws IOException {
    if (cut || (faults.kind() == Kind.SHORT && position >= real.size())) {
      return true;
    }
    if (!faults.isTurn("read", file)) {
      return false;
    }
    if (faults.kind() == Kind.SHORT) {
      cut = true;
      return true;
    }
    throw faults.kind().failure(file);
  }

  /** At its turn: writes one half before the disk is full. */
  private void beforeWrite(ByteBuffer source) throws IOException {
    if (faults.isTurn("write", file)) {
      real.write(source.slice(source.position(), source.remaining() / 2));
      // As the JDK says it of an open file, whose name it does not know.
      throw faults.kind() == Kind.FULL
          ? new IOException("No space left on device")
          : faults.kind().failure(file);
    }
  }

  @Override
  public int read(ByteBuffer target) throws IOException {
    return isAtEnd(real.position()) ? -1 : real.read(target);
  }

  @Override
  public long read(ByteBuffer[] targets, int offset, int length) throws IOException {
    return isAtEnd(real.position()) ? -1 : real.read(targets, offset, length);
  }

  @Override
  public int read(ByteBuffer target, long position) throws IOException {
    return isAtEnd(position) ? -1 : real.read(target, position);
  }

  @Override
  public int write(ByteBuffer source) throws IOException {
    beforeWrite(source);
    return real.write(source);
  }

  @Override
  public long write(ByteBuffer[] sources, int offset, int length) throws IOException {
    beforeWrite(sources[offset]);
    return real.write(sources, offset, length);
  }

  @Override
  public int write(ByteBuffer source, long position) throws IOException {
    beforeWrite(source);
    return real.write(source, position);
  }

  @Override
  public long position() throws IOException {
    return real.position();
  }

  @Override
  public FileChannel position(long newPosition) throws IOException {
    real.position(newPosition);
    return this;
  }

  @Override
  public long size() throws IOException {
    faults.reach("size", file);
    return real.size();
  }

  @Override
  public FileChannel truncate(long size) throws IOException {
    faults.reach("truncate", file);
    real.truncate(size);
    return this;
  }

  @Override
  public void force(boolean metaData) throws IOException {
    faults.reach("force", file);
    real.force(metaData);
  }

  @Override
  public long transferTo(long position, long count, WritableByteChannel target) throws IOException {
    faults.reach("read", file);
    return real.transferTo(position, count, target);
  }

  @Override
  public long transferFrom(ReadableByteChannel source, long position, long count)
      throws IOException {
    faults.reach("write", file);
    return real.transferFrom(source, position, count);
  }

  @Override
  public MappedByteBuffer map(MapMode mode, long position, long size) throws IOException {
    faults.reach("map", file);
    return real.map(mode, position, size);
  }

  @Override
  public MemorySegment map(MapMode mode, long offset, long size, Arena arena) throws IOException {
    faults.reach("map", file);
    return real.map(mode, offset, size, arena);
  }

  @Override
  public FileLock lock(long position, long size, boolean shared) throws IOException {
    return real.lock(position, size, shared);
  }

  @Override
  public @Nullable FileLock tryLock(long position, long size, boolean shared) throws IOException {
    return real.tryLock(position, size, shared);
  }

  @Override
  protected void implCloseChannel() throws IOException {
    real.close();
  }
}
