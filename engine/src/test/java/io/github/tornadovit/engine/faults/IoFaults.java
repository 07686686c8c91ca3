package io.github.tornadovit.engine.faults;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Counts the operations of a {@link FaultyFileSystem} and lets one of them fail, as Linux would.
 */
final class IoFaults {
  /** The ways in which an operation fails. */
  enum Kind {
    /** {@code EIO}: the disk is broken. */
    BROKEN,
    /** {@code ENOSPC}: half of what was to be written is there. */
    FULL,
    /** {@code EACCES}. */
    DENIED,
    /** {@code ENOENT}: somebody deleted it a moment ago. */
    VANISHED,
    /** The file ends before its end: somebody cut it short. */
    SHORT;

    IOException failure(Path file) {
      return switch (this) {
        case BROKEN -> new FileSystemException(file.toString(), null, "Input/output error");
        case FULL -> new FileSystemException(file.toString(), null, "No space left on device");
        case DENIED -> new AccessDeniedException(file.toString());
        case VANISHED, SHORT -> new NoSuchFileException(file.toString());
      };
    }
  }

  private final Kind kind;
  private final int failing;
  private final AtomicInteger reached = new AtomicInteger();
  private volatile String injected = "";

  /**
   * @param failing the operation that fails, from 1; 0 for none
   */
  IoFaults(Kind kind, int failing) {
    this.kind = kind;
    this.failing = failing;
  }

  Kind kind() {
    return kind;
  }

  /** What failed, empty if nothing did. */
  String injected() {
    return injected;
  }

  /** An operation is about to begin; it fails here if it is its turn. */
  void reach(String operation, Path file) throws IOException {
    if (isTurn(operation, file)) {
      throw kind.failure(file);
    }
  }

  /** As {@link #reach}, for an operation that fails in a way of its own. */
  boolean isTurn(String operation, Path file) {
    boolean turn = reached.incrementAndGet() == failing;
    if (turn) {
      injected = kind + " at " + operation + " of " + file;
    }
    return turn;
  }
}
