package io.github.tornadovit.engine.image;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.tornadovit.engine.image.ImageFiles.Skipped;
import io.github.tornadovit.testing.Golden;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.regex.PatternSyntaxException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is an image in a folder, what is not, and what is said of the rest. */
class ImageFilesTest {
  @TempDir private Path folder;

  private Path file(String name, String content) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, content, ISO_8859_1);
  }

  private Path copy(String golden, String name) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.copy(Golden.path("images/decode/" + golden), file);
  }

  private List<String> images() throws IOException {
    return names(ImageFiles.in(folder).images());
  }

  private List<String> names(List<Path> files) {
    return files.stream().map(file -> folder.relativize(file).toString()).toList();
  }

  private List<String> skipped() throws IOException {
    return names(ImageFiles.in(folder).skipped().stream().map(Skipped::path).toList());
  }

  @ParameterizedTest
  @CsvSource({
    "jpeg-420.jpg, wrong.jfif",
    "jpeg-420.jpg, old.jpe",
    "jpeg-420.jpg, LOUD.JPG",
    "jpeg-420.jpg, none",
    "jpeg-420.jpg, letter.txt",
    "jpeg-420.jpg, number.12",
    "png-rgb-8.png, IMG_0001.PNG~",
    "gif-plain.gif, smile",
    "bmp-24.bmp, paint.dib",
    "bmp-24.bmp, paint",
    "webp-lossy.webp, web.image",
    "tiff-rgb.tif, scan.TIFF",
    "tiff-rgb.tif, scan.bin",
    "pnm-p5-255.pgm, person01.face",
    "pnm-p6-255.ppm, sign.ppm",
    "pnm-p1.pbm, plain",
  })
  void findsImagesByNameOrContent(String golden, String name) throws IOException {
    Path image = copy(golden, "a/b/" + name);
    ImageFiles found = ImageFiles.in(folder);
    assertThat(found.images()).containsExactly(image);
    assertThat(found.skipped()).isEmpty();
    assertThat(new ImageDecoder().decode(image)).isNotNull();
  }

  @Test
  void findsAnyName() throws IOException {
    List<String> names = List.of("a\nb.jpg", "star*.jpg", "two words.jpg", "@file.jpg", "--x.jpg");
    for (String name : names) {
      file(name, "");
    }
    assertThat(images()).containsExactlyInAnyOrderElementsOf(names);
  }

  @Test
  void hiddenNamesAreAsIfTheyWereNotThere() throws IOException {
    file("a.jpg", "");
    file("__init__.jpg", "");
    file("sub/b.jpg", "");
    for (String name :
        List.of(
            "._a.jpg",
            ".DS_Store",
            ".thumbnails/a.jpg",
            "__MACOSX/a.jpg",
            "sub/._b.jpg",
            "sub/__pycache__/c.jpg",
            "sub/.ipynb_checkpoints/b.jpg",
            "sub/Thumbs.db",
            "sub/desktop.ini",
            "Icon\r")) {
      file(name, "\0");
    }
    ImageFiles found = ImageFiles.in(folder);
    assertThat(names(found.images())).containsExactly("__init__.jpg", "a.jpg", "sub/b.jpg");
    assertThat(found.skipped()).isEmpty();
  }

  @Test
  void aHiddenFolderThatIsNamedIsSearched() throws IOException {
    Path image = file(".cache/__dump/a.jpg", "");
    assertThat(ImageFiles.in(folder).images()).isEmpty();
    assertThat(ImageFiles.in(folder.resolve(".cache/__dump")).images()).containsExactly(image);
    assertThat(ImageFiles.in(folder, ".cache/__*/*.jpg").images()).containsExactly(image);
    assertThat(ImageFiles.in(folder, ".*/**").images()).isEmpty();
    assertThat(ImageFiles.in(folder, "**.jpg").images()).isEmpty();
  }

  @Test
  void globsAreOfPathsBelowTheFolder() throws IOException {
    for (String name : List.of("a1.jpg", "a2.jfif", "b1.jpg", "sub/a3.jpg", "notes.txt")) {
      file(name, "text");
    }
    assertThat(names(ImageFiles.in(folder, "a*").images())).containsExactly("a1.jpg", "a2.jfif");
    assertThat(names(ImageFiles.in(folder, "**/a*").images())).containsExactly("sub/a3.jpg");
    assertThat(ImageFiles.in(folder, "*.txt").skipped())
        .containsExactly(new Skipped(folder.resolve("notes.txt"), "a text file"));
    assertThatThrownBy(() -> ImageFiles.in(folder, "[a"))
        .isInstanceOf(PatternSyntaxException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "IMG_0001.HEIC, '\0\0\0\u0018ftypheic', a HEIC image; convert it",
    "a.avif, '\0\0\0\u0018ftypavif', an AVIF image; convert it",
    "a.jxl, '\u00ff\nxx', a JPEG XL image",
    "a.psd, '8BPS\0\1', a Photoshop document",
    "a.svg, '<?xml version=\"1.0\"?><svg/>', an SVG drawing",
    "a.pdf, '%PDF-1.7', a PDF document",
    "a.mp4, '\0\0\0\u0018ftypisom', a video",
    "a.CR2, 'II*\0\20\0\0\0CR\2\0', a camera raw file; develop it",
    "a.nef, 'MM\0*\0\0\0\10', a camera raw file; develop it",
    "a.pam, 'P7\nWIDTH 1\n', a PAM image",
    "faces.zip, 'PK\3\4', a ZIP archive; unpack it",
    "README.md, 'Faces of people', a text file",
    "BMI.txt, 'BMI of patients, a table', a text file",
    "P1.txt, 'P1 is the first patient', a text file",
    "umlauts.csv, 'path,label\n\u00c3\u00a4.jpg,1\n', a text file",
    "model.pt, '\1\2\3\4', of an unknown format",
    "empty, '', an empty file",
  })
  void allElseIsNamedAsWhatItIs(String name, String content, String reason) throws IOException {
    Path file = file("sub/" + name, content);
    ImageFiles found = ImageFiles.in(folder);
    assertThat(found.images()).isEmpty();
    assertThat(found.skipped()).singleElement().extracting(Skipped::path).isEqualTo(file);
    assertThat(found.skipped().getFirst().reason()).startsWith(reason);
  }

  @Test
  void loopsAndDeadLinksAreSkippedAndTheOthersGoOn() throws IOException {
    Path image = file("sub/a.jpg", "");
    Files.createSymbolicLink(folder.resolve("sub/up"), Path.of(".."));
    Files.createSymbolicLink(folder.resolve("sub/self"), Path.of("self"));
    Files.createSymbolicLink(folder.resolve("dead.jpg"), Path.of("nowhere.jpg"));
    Files.createSymbolicLink(folder.resolve("link.jpg"), image);
    assertThat(images()).containsExactly("link.jpg", "sub/a.jpg");
    assertThat(skipped()).containsExactly("dead.jpg", "sub/self", "sub/up");
    assertThat(ImageFiles.in(folder).skipped().getLast().reason())
        .isEqualTo("a link to a folder that it is in");
    assertThat(ImageFiles.folders(folder)).containsExactly(folder.resolve("sub"));
    assertThat(ImageFiles.folders(folder.resolve("sub"))).isEmpty();
  }

  @Test
  void whatCannotBeReadIsSkippedAndTheOthersGoOn() throws IOException {
    file("sub/a.jpg", "");
    Path locked = Files.createDirectory(folder.resolve("locked"));
    Path secret = file("secret", "");
    Files.setPosixFilePermissions(locked, PosixFilePermissions.fromString("---------"));
    Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("---------"));
    try {
      assumeTrue(!Files.isReadable(locked), "permissions do not bind this user");
      assertThat(images()).containsExactly("sub/a.jpg");
      assertThat(ImageFiles.in(folder).skipped())
          .containsExactly(
              new Skipped(locked, "cannot be read: permission denied"),
              new Skipped(secret, "cannot be read: permission denied"));
      assertThat(ImageFiles.folders(folder)).containsExactly(folder.resolve("sub"));
      assertThatThrownBy(() -> ImageFiles.in(locked)).isInstanceOf(IOException.class);
    } finally {
      Files.setPosixFilePermissions(locked, PosixFilePermissions.fromString("rwx------"));
    }
  }

  @Test
  void aFolderThatIsNotThereIsAnError() {
    assertThatThrownBy(() -> ImageFiles.in(folder.resolve("none")))
        .isInstanceOf(NoSuchFileException.class);
  }
}
