"""Base spiders by the shape of a source: article_list, feed, sitemap, message_board, json_api."""
