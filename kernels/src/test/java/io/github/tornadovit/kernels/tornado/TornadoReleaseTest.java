package io.github.tornadovit.kernels.tornado;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TornadoReleaseTest {
  @Test
  void isReadFromTheJarsOfAnSdk(@TempDir Path sdk) throws Exception {
    assertThat(TornadoRelease.of(sdk)).isEmpty();
    Path jars = Files.createDirectories(sdk.resolve("share/java/tornado"));
    assertThat(TornadoRelease.of(sdk)).isEmpty();
    Files.createFile(jars.resolve("tornado-api-7.3.1-jdk22plus.jar"));
    assertThat(TornadoRelease.of(sdk)).contains(new TornadoRelease("7.3.1-jdk22plus", false));
    Path compiler = Files.createDirectories(sdk.resolve("share/java/graalJars"));
    Files.createFile(compiler.resolve("tornado-graal-23.1.0.jar"));
    assertThat(TornadoRelease.of(sdk)).contains(new TornadoRelease("7.3.1-jdk22plus", true));
  }

  @Test
  void saysWhatWasTried() {
    assertThat(new TornadoRelease("5.2.0-jdk25", false)).hasToString("5.2.0-jdk25, tried");
    assertThat(new TornadoRelease("4.0.2-jdk21-dev", true))
        .hasToString("4.0.2-jdk21-dev, a snapshot of the line of 6.0, tried");
    assertThat(new TornadoRelease("6.0.0-jdk22plus", true).toString())
        .startsWith("6.0.0-jdk22plus, not tried: 5.2 was");
    assertThat(new TornadoRelease("5.3.0-jdk25", false).isTried()).isFalse();
  }

  @Test
  void kernelsOfTheseClassesAreFoundByEveryLine() {
    TornadoRelease.requireSameApi();
    Runnable plain = () -> {};
    assertThat(TornadoRelease.hasSerialisedForm(plain)).isFalse();
    Runnable serialised = (Runnable & Serializable) () -> {};
    assertThat(TornadoRelease.hasSerialisedForm(serialised)).isTrue();
  }
}
