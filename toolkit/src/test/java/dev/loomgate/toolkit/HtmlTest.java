package dev.loomgate.toolkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.toolkit.middleware.SecurityHeaders;
import dev.loomgate.toolkit.syntax.HtmlPages;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class HtmlTest {
    /// As MarkupSafe's: `escape("""<b c="1" d='2'>&amp;""")`.
    @Test
    void whatMeansSomethingInHtmlIsEscaped() {
        assertThat(Html.escape("<b c=\"1\" d='2'>&amp;")).isEqualTo("&lt;b c=&#34;1&#34; d=&#39;2&#39;&gt;&amp;amp;");
    }

    @Test
    void anyOtherTextStaysAsItIs() {
        assertThat(Html.escape("")).isEmpty();
        assertThat(Html.escape("Grüße, 5 € 👋\n")).isEqualTo("Grüße, 5 € 👋\n");
    }

    /// A style that is let in by its hash has to be that text to the byte.
    @Test
    void theStyleIsLetInByItsHash() throws Exception {
        String page = HtmlPages.styledErrorPage(404, "Not Found", "");
        Matcher style = Pattern.compile("<style>(.*)</style>", Pattern.DOTALL).matcher(page);

        assertThat(style.find()).isTrue();
        byte[] hash = MessageDigest.getInstance("SHA-256").digest(style.group(1).getBytes(StandardCharsets.UTF_8));
        assertThat(Html.STYLE_SOURCE).isEqualTo("'sha256-" + Base64.getEncoder().encodeToString(hash) + "'");
        assertThat(SecurityHeaders.POLICY).contains(Html.STYLE_SOURCE);
    }
}
