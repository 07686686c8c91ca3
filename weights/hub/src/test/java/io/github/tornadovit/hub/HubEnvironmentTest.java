package io.github.tornadovit.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The variables of huggingface_hub. */
class HubEnvironmentTest {
  @TempDir private Path home;

  private HubSettings settings(Map<String, String> variables) {
    return new HubEnvironment(variables, home.toString()).settings();
  }

  @Test
  void nothingSetIsTheHubAndTheCacheInTheHomeFolder() {
    HubSettings settings = settings(Map.of());
    assertThat(settings.endpoint()).hasToString("https://huggingface.co");
    assertThat(settings.cache()).isEqualTo(home.resolve(".cache/huggingface/hub"));
    assertThat(settings.token()).isNull();
    assertThat(settings.offline()).isFalse();
    assertThat(settings.symlinks()).isTrue();
    assertThat(settings.answerTimeout()).isEqualTo(Duration.ofSeconds(10));
  }

  @ParameterizedTest
  @CsvSource({
    "HF_HUB_CACHE, /c, /c",
    "HUGGINGFACE_HUB_CACHE, /c, /c",
    "HF_HOME, /h, /h/hub",
    "XDG_CACHE_HOME, /x, /x/huggingface/hub",
    "HF_HOME, ~/h, HOME/h/hub",
    "HF_HOME, ~, HOME/hub",
    "HF_HUB_CACHE, $HOME/c, HOME/c",
    "HF_HUB_CACHE, ${HOME}/c$NONE, HOME/c$NONE"
  })
  void theCacheIsWhereTheVariableSays(String name, String value, String expected) {
    assertThat(settings(Map.of("HOME", home.toString(), name, value)).cache())
        .isEqualTo(Path.of(expected.replace("HOME", home.toString())));
  }

  @Test
  void newerNamesComeFirst() {
    assertThat(
            settings(Map.of("HF_HUB_CACHE", "/a", "HUGGINGFACE_HUB_CACHE", "/b", "HF_HOME", "/c"))
                .cache())
        .isEqualTo(Path.of("/a"));
    assertThat(settings(Map.of("HF_TOKEN", "new", "HUGGING_FACE_HUB_TOKEN", "old")).token())
        .isEqualTo("new");
    assertThat(settings(Map.of("HF_TOKEN", "", "HUGGING_FACE_HUB_TOKEN", " old\n")).token())
        .isEqualTo("old");
  }

  @Test
  void theTokenMayBeInAFile() throws IOException {
    Path file = home.resolve(".cache/huggingface/token");
    Files.createDirectories(file.getParent());
    Files.writeString(file, "from-file\n");
    assertThat(settings(Map.of()).token()).isEqualTo("from-file");
    assertThat(settings(Map.of("HF_TOKEN", "from-variable")).token()).isEqualTo("from-variable");
    assertThat(settings(Map.of("HF_HUB_DISABLE_IMPLICIT_TOKEN", "1")).token()).isNull();
    Path other = Files.writeString(home.resolve("other"), "\n");
    assertThat(settings(Map.of("HF_TOKEN_PATH", other.toString())).token()).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "1, true",
    "on, true",
    "Yes, true",
    "TRUE, true",
    "0, false",
    "no, false",
    "2, false"
  })
  void offlineIsSwitchedOnInFourWords(String value, boolean offline) {
    assertThat(settings(Map.of("HF_HUB_OFFLINE", value)).offline()).isEqualTo(offline);
    assertThat(settings(Map.of("TRANSFORMERS_OFFLINE", value)).offline()).isEqualTo(offline);
    assertThat(settings(Map.of("HF_HUB_DISABLE_SYMLINKS", value)).symlinks()).isEqualTo(!offline);
  }

  @Test
  void theEndpointLosesItsLastSlash() {
    assertThat(settings(Map.of("HF_ENDPOINT", "https://mirror.example/hf//")).endpoint())
        .hasToString("https://mirror.example/hf");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "mirror.example",
        "ftp://mirror.example",
        "https://",
        "https://a b",
        "https://u:p@mirror.example",
        "https://mirror.example?a=b"
      })
  void anEndpointThatIsNoAddressIsRefused(String endpoint) {
    assertThatThrownBy(() -> settings(Map.of("HF_ENDPOINT", endpoint)))
        .isInstanceOf(HubException.class)
        .hasMessageContaining("HF_ENDPOINT");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-1", "soon", "99999999999"})
  void aTimeoutThatIsNoneIsRefused(String seconds) {
    assertThatThrownBy(() -> settings(Map.of("HF_HUB_ETAG_TIMEOUT", seconds)))
        .isInstanceOf(HubException.class)
        .hasMessageContaining("HF_HUB_ETAG_TIMEOUT");
    assertThat(settings(Map.of("HF_HUB_DOWNLOAD_TIMEOUT", "30")).downloadTimeout())
        .isEqualTo(Duration.ofSeconds(30));
  }
}
