package io.github.tornadovit.base.file;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/**
 * Puts an exception of the file system into words: those of the JDK often say the file's name only.
 */
public final class FileProblem {
  private FileProblem() {}

  /** Why, without the file's name, as {@code strerror} would say it. */
  public static String reason(IOException failure) {
    return switch (failure) {
      case NoSuchFileException _ -> "no such file or folder";
      case AccessDeniedException _ -> "permission denied";
      case FileAlreadyExistsException _ -> "a file is in the way";
      case NotDirectoryException _ -> "is no folder";
      case ClosedByInterruptException _ -> "interrupted";
      case FileSystemException named when named.getReason() != null -> named.getReason();
      default -> failure.getMessage() == null ? failure.toString() : failure.getMessage();
    };
  }

  /** The whole message: with the file's name where the exception knows it. */
  public static String message(IOException failure) {
    return failure instanceof FileSystemException named && named.getFile() != null
        ? named.getFile() + ": " + reason(failure)
        : reason(failure);
  }
}
