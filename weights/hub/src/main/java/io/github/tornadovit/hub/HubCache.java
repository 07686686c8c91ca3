package io.github.tornadovit.hub;

import io.github.tornadovit.base.file.FileProblem;
import io.github.tornadovit.base.file.WholeFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.jspecify.annotations.Nullable;

/**
 * One model's folder of the cache, as huggingface_hub lays it out; the package says how.
 *
 * <p>Every argument that becomes part of a path was checked before: revision and commit by {@link
 * HubModel}, etag by {@link RemoteFile}, file names by being ours or an index's plain ones.
 */
final class HubCache {
  private static final int MAX_REFERENCE_BYTES = 256;
  private static final String TAG =
      """
      Signature: 8a477f597d28d172789f06886806bc55
      # This file is a cache directory tag created by huggingface_hub.
      # For information about cache directory tags, see:
      #\thttps://bford.info/cachedir/
      """;

  private final Path root;
  private final Path folder;
  private final boolean symlinks;

  HubCache(HubSettings settings, HubModel model) {
    root = settings.cache().toAbsolutePath().normalize();
    folder = root.resolve(folderName(model));
    symlinks = settings.symlinks();
  }

  private static String folderName(HubModel model) {
    return "models--" + model.id().replace("/", "--");
  }

  Path root() {
    return root;
  }

  Path snapshot(String commit) {
    return folder.resolve("snapshots").resolve(commit);
  }

  Path blob(String etag) {
    return folder.resolve("blobs").resolve(etag);
  }

  boolean hasBlob(String etag) {
    return Files.exists(blob(etag));
  }

  private Path pointer(String commit, String file) {
    return snapshot(commit).resolve(file);
  }

  private Path absent(String commit, String file) {
    return folder.resolve(".no_exist").resolve(commit).resolve(file);
  }

  private Path reference(String revision) {
    return folder.resolve("refs").resolve(revision);
  }

  /** The commit of a revision when it was last asked for; null if it never was. */
  @Nullable String commit(String revision) {
    if (HubModel.isCommit(revision)) {
      return revision;
    }
    Path file = reference(revision);
    if (!Files.isRegularFile(file)) {
      return null;
    }
    try (var input = Files.newInputStream(file)) {
      String commit =
          new String(input.readNBytes(MAX_REFERENCE_BYTES), StandardCharsets.US_ASCII).strip();
      return HubModel.isCommit(commit) ? commit : null;
    } catch (IOException unreadable) {
      throw unusable(file, "cannot be read", unreadable);
    }
  }

  /** Whether the snapshot has the file, and the file its blob. */
  boolean has(String commit, String file) {
    return Files.isRegularFile(pointer(commit, file));
  }

  /** Whether the hub said that the commit has no such file. */
  boolean isAbsent(String commit, String file) {
    return Files.exists(absent(commit, file));
  }

  /** Remembers that; a cache that cannot be written does without. */
  void rememberAbsent(String commit, String file) {
    try {
      Path mark = absent(commit, file);
      Files.createDirectories(mark.getParent());
      Files.createFile(mark);
    } catch (IOException notRemembered) {
      // It is there already, or the next run asks again.
    }
  }

  /** Remembers a branch's or tag's commit; a cache that cannot be written does without. */
  void rememberCommit(String revision, String commit) {
    if (revision.equals(commit) || commit.equals(commit(revision))) {
      return;
    }
    try {
      Path file = reference(revision);
      Files.createDirectories(file.getParent());
      WholeFile.write(file, commit);
    } catch (IOException notRemembered) {
      // The next run asks again.
    }
  }

  /** The bytes of a blob that an interrupted download left, as far as the next one continues it. */
  long left(String etag) {
    Path partial = PartialFile.resumable(blob(etag));
    try {
      return Checksum.of(etag) == null || !Files.exists(partial) ? 0 : Files.size(partial);
    } catch (IOException unreadable) {
      throw unusable(partial, "cannot be read", unreadable);
    }
  }

  /** Free space in bytes; 0 of a file system that does not know. */
  long free() {
    try {
      return Files.getFileStore(root).getUsableSpace();
    } catch (IOException unusable) {
      throw unusable(root, "cannot be measured", unusable);
    }
  }

  /** Makes the folders that downloads need. */
  void prepare(String commit) {
    try {
      Files.createDirectories(folder.resolve("blobs"));
      Files.createDirectories(snapshot(commit));
      Path tag = root.resolve("CACHEDIR.TAG");
      if (!Files.exists(tag)) {
        WholeFile.write(tag, TAG);
      }
    } catch (IOException unwritable) {
      throw unusable(root, "cannot be written", unwritable);
    }
  }

  /**
   * Waits until nobody else downloads the blob.
   *
   * @param waiting told once if that takes a while
   */
  CacheLock lock(String etag, Runnable waiting) {
    Path file = root.resolve(".locks").resolve(folder.getFileName()).resolve(etag + ".lock");
    try {
      Files.createDirectories(file.getParent());
      return CacheLock.acquire(file, waiting);
    } catch (InterruptedException interrupt) {
      throw HubException.interrupted(interrupt);
    } catch (IOException unwritable) {
      throw unusable(file, "cannot be written", unwritable);
    }
  }

  /**
   * Puts a blob into a snapshot: as a link, or else as a file, for which a new blob is moved, as
   * huggingface_hub does, so that it is not there twice.
   */
  void link(String commit, String file, String etag, boolean newBlob) {
    Path pointer = pointer(commit, file);
    try {
      Path blob = blob(etag);
      if (symlinks && isLinked(pointer, snapshot(commit).relativize(blob))) {
        return;
      }
      if (newBlob) {
        Files.move(blob, pointer, StandardCopyOption.ATOMIC_MOVE);
      } else {
        WholeFile.write(pointer, target -> Files.copy(blob, target));
      }
    } catch (IOException unwritable) {
      throw unusable(pointer, "cannot be written", unwritable);
    }
  }

  /** Makes a link in place of what is there; false where the file system has none. */
  private static boolean isLinked(Path pointer, Path target) throws IOException {
    Files.deleteIfExists(pointer);
    try {
      Files.createSymbolicLink(pointer, target);
      return true;
    } catch (FileAlreadyExistsException otherProcess) {
      return true;
    } catch (FileSystemException | UnsupportedOperationException noLinks) {
      return false;
    }
  }

  /** The error that the cache does not do what it should. */
  HubException unusable(Path file, String problem, IOException cause) {
    return new HubException(
        HubException.Reason.CACHE,
        "%s: %s: %s; free space or rights there, or set HF_HUB_CACHE to another folder"
            .formatted(file, problem, FileProblem.reason(cause)),
        cause);
  }
}
