package io.github.tornadovit.hub;

import io.github.tornadovit.testing.PublicApi;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The public API of the hub is the one in {@code weights/hub/api.txt}. */
class PublicApiTest {
  @Test
  void isTheOneOfTheBaseline() throws Exception {
    String own = "io.github.tornadovit.hub";
    PublicApi.check(own, List.of(own));
  }
}
