package io.github.tornadovit.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HubModelTest {
  @Test
  void aNameMayCarryARevision() {
    assertThat(HubModel.of("google/vit-base-patch16-224"))
        .isEqualTo(new HubModel("google/vit-base-patch16-224", "main"))
        .hasToString("google/vit-base-patch16-224");
    assertThat(HubModel.of("a/b@refs/pr/1").revision()).isEqualTo("refs/pr/1");
    assertThat(HubModel.of("a/b@v1.0-rc_2")).hasToString("a/b@v1.0-rc_2");
    assertThat(HubModel.of("name").id()).isEqualTo("name");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", "/", "a/", "/a", "a/b/c", "../a", "a/..", "a..b/c", "a--b/c", "a/b.git", ".a/b", "a/b-",
        "a/b?x", "a b/c", "a\\b/c", "a/b\n", "a%2fb", "ä/b", "C:/b"
      })
  void whatIsNoNameIsRefused(String name) {
    assertThatThrownBy(() -> HubModel.of(name))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected organisation/name");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", "..", "../x", "a/../b", "/a", "a/", "a//b", "-x", ".hidden", "a b", "a\\b", "a:b",
        "a?b", "a\n", "a..b"
      })
  void aRevisionThatIsNoneIsRefused(String revision) {
    assertThatThrownBy(() -> HubModel.of("a/b@" + revision))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected a branch, a tag or a commit");
  }

  @Test
  void namesAreLimited() {
    assertThatThrownBy(() -> HubModel.of("a".repeat(97)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> HubModel.of("a/b@" + "c".repeat(201)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(HubModel.of("a".repeat(96)).id()).hasSize(96);
  }
}
