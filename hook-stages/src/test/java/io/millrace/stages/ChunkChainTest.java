package io.millrace.stages;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.plugin.hook.Chunk;
import io.millrace.plugin.hook.ChunkResult;
import io.millrace.plugin.hook.Hook;
import io.millrace.plugin.hook.OnError;
import io.millrace.plugin.model.ErrorCode;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Pieces of a stream on their way through the hooks (contract case H31). */
class ChunkChainTest {

  private static final Chunk CHUNK = new Chunk(3, "x");

  @Test
  void shouldPassInReverseOrder() {
    ChunkChain chain = chain(adding("a"), adding("b"), adding("c"));
    assertThat(chain.on(CHUNK)).isEqualTo(ChunkResult.pass(new Chunk(3, "xcba")));
  }

  @Test
  void shouldPassUnchangedWhenNoHookRan() {
    assertThat(chain().on(CHUNK)).isEqualTo(ChunkResult.pass(CHUNK));
  }

  @Test
  void shouldShowTheOthersNothingWhenOneDrops() {
    ActiveHook first = adding("a");
    ChunkChain chain = chain(first, hook("b", chunk -> ChunkResult.drop()));
    assertThat(chain.on(CHUNK)).isEqualTo(ChunkResult.drop());
    assertThat(first.tally().calls(HookDirection.CHUNK).statistics().calls()).isZero();
  }

  @Test
  void shouldEndTheStreamWhenOneAborts() {
    ChunkResult abort = ChunkResult.abort(ErrorCode.FORBIDDEN.error("no more of this"));
    assertThat(chain(adding("a"), hook("b", chunk -> abort)).on(CHUNK)).isEqualTo(abort);
  }

  @Test
  void shouldGoOnWithThePieceAsItWasWhenAHookFails() {
    ActiveHook throwing =
        hook(
            "b",
            chunk -> {
              throw new IllegalStateException("broken on purpose");
            });
    assertThat(chain(adding("a"), throwing).on(CHUNK))
        .isEqualTo(ChunkResult.pass(new Chunk(3, "xa")));
    assertThat(throwing.tally().calls(HookDirection.CHUNK).statistics().errors()).isEqualTo(1);
  }

  @Test
  void shouldTakeAChangedSequenceForAFailure() {
    ActiveHook moving = hook("b", chunk -> ChunkResult.pass(new Chunk(9, "moved")));
    assertThat(chain(moving).on(CHUNK)).isEqualTo(ChunkResult.pass(CHUNK));
  }

  @Test
  void shouldEndTheStreamWhenAHookFailsAndItsSettingIsFail() {
    Hook throwing =
        new Hook() {
          @Override
          public ChunkResult onChunk(Chunk chunk) {
            throw new IllegalStateException("broken on purpose");
          }
        };
    assertThat(chain(HomeDriver.hook("b", throwing, OnError.FAIL)).on(CHUNK))
        .isInstanceOfSatisfying(
            ChunkResult.Abort.class,
            abort -> {
              assertThat(abort.error().code()).isEqualTo("hook_failed");
              assertThat(abort.error().mayFallBack()).isFalse();
            });
  }

  private static ChunkChain chain(ActiveHook... hooks) {
    return new ChunkChain(List.of(hooks));
  }

  private static ActiveHook adding(String name) {
    return hook(name, chunk -> ChunkResult.pass(new Chunk(chunk.sequence(), chunk.json() + name)));
  }

  private static ActiveHook hook(String name, Function<Chunk, ChunkResult> onChunk) {
    return HomeDriver.hook(
        name,
        new Hook() {
          @Override
          public ChunkResult onChunk(Chunk chunk) {
            return onChunk.apply(chunk);
          }
        });
  }
}
