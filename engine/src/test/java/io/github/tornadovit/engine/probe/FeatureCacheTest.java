package io.github.tornadovit.engine.probe;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Where features are kept. */
class FeatureCacheTest {
  @Test
  void theCacheIsInTheHomeOfTheEnvironment() {
    assertThat(FeatureCache.defaultFolder(Map.of("HOME", "/srv/me"), "/nonexistent"))
        .isEqualTo(Path.of("/srv/me/.cache/tornado-vit/features"));
    assertThat(
            FeatureCache.defaultFolder(Map.of("HOME", "/srv/me", "XDG_CACHE_HOME", "/var/c"), "/u"))
        .isEqualTo(Path.of("/var/c/tornado-vit/features"));
    assertThat(FeatureCache.defaultFolder(Map.of("HOME", ""), "/u"))
        .isEqualTo(Path.of("/u/.cache/tornado-vit/features"));
  }
}
