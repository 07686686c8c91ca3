package io.github.tornadovit.engine;

import io.github.tornadovit.base.CheckpointException;
import io.github.tornadovit.kernels.backend.BackendException;
import io.github.tornadovit.testing.PublicApi;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The public API is the one in {@code engine/api.txt}: what the module exports, and the types of
 * the modules below that it hands out.
 */
class PublicApiTest {
  @Test
  void isTheOneOfTheBaseline() throws Exception {
    ModuleDescriptor module =
        ModuleFinder.of(Path.of("target/classes")).findAll().stream()
            .findFirst()
            .orElseThrow()
            .descriptor();
    List<String> exported =
        module.exports().stream().map(ModuleDescriptor.Exports::source).sorted().toList();
    PublicApi.check(
        "io.github.tornadovit.", exported, BackendException.class, CheckpointException.class);
  }
}
