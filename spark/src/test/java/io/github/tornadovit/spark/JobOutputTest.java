package io.github.tornadovit.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.FilterFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each operation on a job's output folder fails in turn; the next run takes the folder. */
class JobOutputTest {
  private static final String SETTINGS = "classify\nmodel demo:vit\n";

  @TempDir private java.nio.file.Path temporary;

  /** The local file system, whose Nth operation fails; a write, with half of it written. */
  private static final class Faulty extends FilterFileSystem {
    private int operations;
    private final int failing;

    Faulty(int failing) throws IOException {
      super(FileSystem.getLocal(new Configuration()));
      this.failing = failing;
    }

    private boolean fails() {
      return ++operations == failing;
    }

    private void operate(String what) throws IOException {
      if (fails()) {
        throw new IOException(what + ": the storage is gone");
      }
    }

    @Override
    public FileStatus getFileStatus(Path file) throws IOException {
      operate("look at");
      return super.getFileStatus(file);
    }

    @Override
    public FileStatus[] listStatus(Path folder) throws IOException {
      operate("list");
      return super.listStatus(folder);
    }

    @Override
    public boolean mkdirs(Path folder, FsPermission permission) throws IOException {
      operate("make");
      return super.mkdirs(folder, permission);
    }

    @Override
    public FSDataInputStream open(Path file, int buffer) throws IOException {
      operate("open");
      return super.open(file, buffer);
    }

    @Override
    public boolean rename(Path from, Path to) throws IOException {
      operate("rename");
      return super.rename(from, to);
    }

    @Override
    public FSDataOutputStream create(
        Path file,
        FsPermission permission,
        boolean overwrite,
        int buffer,
        short replication,
        long block,
        Progressable progress)
        throws IOException {
      operate("create");
      OutputStream out =
          super.create(file, permission, overwrite, buffer, replication, block, progress);
      return new FSDataOutputStream(
          new FilterOutputStream(out) {
            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
              boolean fails = fails();
              super.out.write(bytes, offset, fails ? length / 2 : length);
              if (fails) {
                throw new IOException("write: the storage is full");
              }
            }
          },
          null);
    }
  }

  private Path folder(String name) {
    return new Path(temporary.resolve(name).toUri());
  }

  private static boolean isTaken(FileSystem files, Path folder, String settings) {
    try {
      JobOutput.admit(files, folder, settings);
      return true;
    } catch (IOException failure) {
      assertThat(failure).hasMessageContaining("the storage is");
      return false;
    }
  }

  @Test
  void aFolderHasTheSettingsOfItsJobOrNone() throws IOException {
    int failed = 0;
    for (int failing = 1; failed == failing - 1; failing++) {
      Path folder = folder("new" + failing);
      Faulty files = new Faulty(failing);
      if (isTaken(files, folder, SETTINGS)) {
        break;
      }
      failed++;
      java.nio.file.Path written = temporary.resolve("new" + failing + "/_tornado-vit.txt");
      if (Files.exists(written)) {
        assertThat(written).hasContent(SETTINGS);
      }
      assertThat(isTaken(new Faulty(0), folder, SETTINGS)).isTrue();
      assertThat(written).hasContent(SETTINGS);
      assertThatThrownBy(() -> JobOutput.admit(new Faulty(0), folder, "embed\n"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("holds answers of other settings: classify, model demo:vit");
    }
    System.out.println("faults in a new output folder: " + failed);
    assertThat(failed).isGreaterThanOrEqualTo(5);
  }

  @Test
  void aFolderThatCannotBeReadIsAnError() throws IOException {
    Path folder = folder("old");
    JobOutput.admit(new Faulty(0), folder, SETTINGS);
    for (int failing = 1; failing <= 2; failing++) {
      assertThat(isTaken(new Faulty(failing), folder, SETTINGS)).isFalse();
    }
    assertThat(isTaken(new Faulty(3), folder, SETTINGS)).isTrue();
  }

  @Test
  void aFolderOfSomebodyElseIsLeftAlone() throws IOException {
    Files.createDirectories(temporary.resolve("other"));
    Files.writeString(temporary.resolve("other/a.txt"), "mine");
    assertThatThrownBy(() -> JobOutput.admit(new Faulty(0), folder("other"), SETTINGS))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("is not empty and not of this job");
    try (Stream<java.nio.file.Path> files = Files.list(temporary.resolve("other"))) {
      assertThat(files).hasSize(1);
    }
  }

  /** Storage that does not rename over a file, where another job has been first. */
  private static FileSystem withAnotherJob(String settings) throws IOException {
    return new FilterFileSystem(FileSystem.getLocal(new Configuration())) {
      @Override
      public boolean rename(Path from, Path to) throws IOException {
        try (OutputStream out = create(to, true)) {
          out.write(settings.getBytes(StandardCharsets.UTF_8));
        }
        return false;
      }
    };
  }

  @Test
  void oneOfTwoJobsThatBeginAtOnceTakesTheFolder() throws IOException {
    JobOutput.admit(withAnotherJob(SETTINGS), folder("both"), SETTINGS);
    assertThatThrownBy(() -> JobOutput.admit(withAnotherJob("embed\n"), folder("two"), SETTINGS))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("holds answers of other settings: embed; these are: classify");
    for (String name : List.of("both", "two")) {
      try (Stream<java.nio.file.Path> left = Files.list(temporary.resolve(name))) {
        assertThat(
                left.map(file -> file.getFileName().toString())
                    .filter(file -> !file.startsWith(".")))
            .containsExactly("_tornado-vit.txt");
      }
    }
  }
}
